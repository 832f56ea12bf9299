// See src/core/optimization/resample.ts. Of each new line, `first` says the old one that its weights begin with; there are `taps` of them.

/** Lines of `width` float32, in whole fours, made from those of a plane. */
export function mixLines(
  count: i32,
  mixed: usize,
  plane: usize,
  width: i32,
  first: usize,
  weights: usize,
  taps: i32,
): void {
  const line = (<usize>width) << 2;
  for (let y = 0; y < count; y++, first += 4, weights += (<usize>taps) << 2, mixed += line) {
    const from = plane + <usize>load<i32>(first) * line;
    for (let x: usize = 0; x < line; x += 16) {
      let sum = f32x4.splat(0);
      for (let k: usize = 0; k < <usize>taps; k++)
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights + (k << 2)), v128.load(from + k * line + x)));
      v128.store(mixed + x, sum);
    }
  }
}

/** The same of columns: `count` of each of `height` lines that are `line` bytes apart, which are written one behind the other. */
export function mixColumns(
  count: i32,
  mixed: usize,
  plane: usize,
  height: i32,
  line: i32,
  first: usize,
  weights: usize,
  taps: i32,
): void {
  for (let y = 0; y < height; y++, plane += line) {
    let weight = weights;
    for (let x = 0; x < count; x++, mixed += 4) {
      const from = plane + ((<usize>load<i32>(first + ((<usize>x) << 2))) << 2);
      let sum: f32 = 0;
      for (let k: usize = 0; k < <usize>taps; k++, weight += 4) sum += load<f32>(weight) * load<f32>(from + (k << 2));
      store<f32>(mixed, sum);
    }
  }
}
