// See src/core/optimization/viewer.ts for what is seen, and how pictures are framed. Three vectors say where pixels of the window lie: `at`
// the byte of the framed plane where the upper left neighbour is, `partX` and `partY` how far it is from there.

/** Of a row of the window: x = xx · column + fromX, y = yx · column + fromY, both kept from 0 to the most that is looked at. */
export function locate(
  count: i32,
  at: usize,
  partX: usize,
  partY: usize,
  line: i32,
  xx: f64,
  fromX: f64,
  mostX: f64,
  yx: f64,
  fromY: f64,
  mostY: f64,
): void {
  for (let column = 0; column < count; column += 2) {
    const place = (<usize>column) << 2;
    const u = f64x2.add(f64x2.splat(column), f64x2(0, 1));
    const x = within(f64x2.add(f64x2.mul(f64x2.splat(xx), u), f64x2.splat(fromX)), mostX);
    const y = within(f64x2.add(f64x2.mul(f64x2.splat(yx), u), f64x2.splat(fromY)), mostY);
    const left = i32x4.trunc_sat_f64x2_s_zero(x);
    const top = i32x4.trunc_sat_f64x2_s_zero(y);
    v128.store64_lane(at + place, i32x4.add(i32x4.mul(top, i32x4.splat(line)), i32x4.shl(left, 2)), 0);
    v128.store64_lane(partX + place, f32x4.demote_f64x2_zero(f64x2.sub(x, f64x2.convert_low_i32x4_s(left))), 0);
    v128.store64_lane(partY + place, f32x4.demote_f64x2_zero(f64x2.sub(y, f64x2.convert_low_i32x4_s(top))), 0);
  }
}

function within(values: v128, most: f64): v128 {
  return f64x2.pmin(f64x2.pmax(values, f64x2.splat(0)), f64x2.splat(most));
}

/** seen = offset + gain · value, by bilinear interpolation. */
export function read(
  count: i32,
  seen: usize,
  framed: usize,
  line: i32,
  at: usize,
  partX: usize,
  partY: usize,
  gain: f32,
  offset: f32,
): void {
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 16) {
    const x = v128.load(partX + i);
    const upper = between(framed, at + i, x);
    const lower = between(framed + line, at + i, x);
    const value = f32x4.add(upper, f32x4.mul(v128.load(partY + i), f32x4.sub(lower, upper)));
    v128.store(seen + i, f32x4.add(f32x4.splat(offset), f32x4.mul(f32x4.splat(gain), value)));
  }
}

/** Between two neighbours on a line, for four pixels: what stands where they are, `x` of the way to what follows. */
function between(line: usize, at: usize, x: v128): v128 {
  const first = pair(line + load<u32>(at), line + load<u32>(at, 4));
  const second = pair(line + load<u32>(at, 8), line + load<u32>(at, 12));
  const left = v128.shuffle<f32>(first, second, 0, 2, 4, 6);
  const right = v128.shuffle<f32>(first, second, 1, 3, 5, 7);
  return f32x4.add(left, f32x4.mul(x, f32x4.sub(right, left)));
}

function pair(one: usize, other: usize): v128 {
  return v128.load64_lane(other, v128.load64_zero(one), 1);
}

/** The adjoint of `read`, but for the offset: `gain` times each of exactly `count` values, added to the framed plane. */
export function spread(
  count: i32,
  seen: usize,
  framed: usize,
  line: i32,
  at: usize,
  partX: usize,
  partY: usize,
  gain: f32,
): void {
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 4) {
    const value = gain * load<f32>(seen + i);
    const lower = value * load<f32>(partY + i);
    const upper = value - lower;
    const x = load<f32>(partX + i);
    const right = upper * x;
    const lowerRight = lower * x;
    const place = framed + load<u32>(at + i);
    store<f32>(place, load<f32>(place) + (upper - right));
    store<f32>(place, load<f32>(place, 4) + right, 4);
    const below = place + line;
    store<f32>(below, load<f32>(below) + (lower - lowerRight));
    store<f32>(below, load<f32>(below, 4) + lowerRight, 4);
  }
}
