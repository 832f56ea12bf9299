// See src/core/optimization/penalties for what they are.
import { inPairs, total } from './vectors';

/** gradient −= factor · (x − middle)^(2 · pairs + 1); returns Σ (x − middle)^(2 · pairs + 2). What lies behind the end counts 0 where `middle` is there. */
export function evenNorm(count: i32, gradient: usize, picture: usize, pairs: i32, factor: f32, middle: f32): f64 {
  const middles = f32x4.splat(middle);
  const factors = f32x4.splat(factor);
  let sum = f64x2.splat(0);
  for (let end = picture + ((<usize>count) << 2); picture < end; picture += 16, gradient += 16) {
    const difference = f32x4.sub(v128.load(picture), middles);
    const square = f32x4.mul(difference, difference);
    let power = difference;
    for (let n = 0; n < pairs; n++) power = f32x4.mul(power, square);
    sum = f64x2.add(sum, inPairs(f32x4.mul(power, difference)));
    v128.store(gradient, f32x4.sub(v128.load(gradient), f32x4.mul(factors, power)));
  }
  return total(sum);
}

/**
 * Of a plane: gradient −= factor / 2 · the gradient of Σ across² + down², over pixels that have both neighbours; returns the sum. What
 * flows between two pixels leaves one and comes to the other, so each place of the gradient is written once.
 */
export function squaredVariation(picture: usize, gradient: usize, height: i32, width: i32, factor: f32): f64 {
  const line = (<usize>width) << 2;
  let sum: f64 = 0;
  for (let y = 0; y < height; y++, picture += line, gradient += line) {
    const inner = y > 0 && y + 1 < height;
    let x = 0;
    if (inner) {
      sum += atPixel(picture, gradient, 0, line, factor, true, true);
      x = 1;
      let sums = f64x2.splat(0);
      for (; x + 4 < width; x += 4) {
        const place = (<usize>x) << 2;
        sums = f64x2.add(sums, inPairs(atFour(picture + place, gradient + place, line, factor)));
      }
      sum += total(sums);
    }
    for (; x < width; x++) sum += atPixel(picture, gradient, x, line, factor, y > 0, y + 1 < height);
  }
  return sum;
}

function atFour(here: usize, gradient: usize, line: usize, factor: f32): v128 {
  const value = v128.load(here);
  const across = f32x4.sub(v128.load(here + 4), value);
  const down = f32x4.sub(v128.load(here + line), value);
  const came = f32x4.add(f32x4.sub(value, v128.load(here - 4)), f32x4.sub(value, v128.load(here - line)));
  const flow = f32x4.sub(f32x4.add(across, down), came);
  v128.store(gradient, f32x4.add(v128.load(gradient), f32x4.mul(f32x4.splat(factor), flow)));
  return f32x4.add(f32x4.mul(across, across), f32x4.mul(down, down));
}

function atPixel(row: usize, gradient: usize, x: i32, line: usize, factor: f32, above: bool, below: bool): f64 {
  const place = (<usize>x) << 2;
  const here = row + place;
  const value = load<f32>(here);
  const last = place + 4 === line;
  const across = below && !last ? load<f32>(here + 4) - value : 0;
  const down = below && !last ? load<f32>(here + line) - value : 0;
  const fromLeft = below && x > 0 ? value - load<f32>(here - 4) : 0;
  const fromAbove = above && !last ? value - load<f32>(here - line) : 0;
  const to = gradient + place;
  store<f32>(to, load<f32>(to) + factor * (across + down - fromLeft - fromAbove));
  return <f64>(across * across + down * down);
}
