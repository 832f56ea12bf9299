/** to = gain · from + offset */
export function scale(count: i32, to: usize, from: usize, gain: f32, offset: f32): void {
  const gains = f32x4.splat(gain);
  const offsets = f32x4.splat(offset);
  for (let end = from + ((<usize>count) << 2); from < end; from += 16, to += 16)
    v128.store(to, f32x4.add(f32x4.mul(v128.load(from), gains), offsets));
}

/** sum += factor · values */
export function addScaled(count: i32, sum: usize, values: usize, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (let end = sum + ((<usize>count) << 2); sum < end; sum += 16, values += 16)
    v128.store(sum, f32x4.add(v128.load(sum), f32x4.mul(v128.load(values), factors)));
}

/** Half of the way to `other`. */
export function halve(count: i32, values: usize, other: usize): void {
  const half = f32x4.splat(0.5);
  for (let end = values + ((<usize>count) << 2); values < end; values += 16, other += 16)
    v128.store(values, f32x4.mul(f32x4.add(v128.load(values), v128.load(other)), half));
}

/** change = now − before */
export function changeOf(count: i32, change: usize, now: usize, before: usize): void {
  for (let end = change + ((<usize>count) << 2); change < end; change += 16, now += 16, before += 16)
    v128.store(change, f32x4.sub(v128.load(now), v128.load(before)));
}

/** a · b, added up in float64. */
export function dot(count: i32, a: usize, b: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let end = a + ((<usize>count) << 2); a < end; a += 16, b += 16) {
    const left = v128.load(a);
    const right = v128.load(b);
    low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(left), f64x2.promote_low_f32x4(right)));
    high = f64x2.add(high, f64x2.mul(f64x2.promote_low_f32x4(upper(left)), f64x2.promote_low_f32x4(upper(right))));
  }
  return total(f64x2.add(low, high));
}

/** Σ |value|, added up in float64. */
export function sumOfMagnitudes(count: i32, values: usize): f64 {
  let sum = f64x2.splat(0);
  for (let end = values + ((<usize>count) << 2); values < end; values += 16)
    sum = f64x2.add(sum, inPairs(f32x4.abs(v128.load(values))));
  return total(sum);
}

/** Four float32 as two float64: the sums of the first and the third, the second and the fourth. */
export function inPairs(four: v128): v128 {
  return f64x2.add(f64x2.promote_low_f32x4(four), f64x2.promote_low_f32x4(upper(four)));
}

export function total(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

function upper(four: v128): v128 {
  return i64x2.shuffle(four, four, 1, 0);
}
