/** Values of a vector that are worked on at a time: so many of two dozen vectors stay in the processor's cache. */
const BLOCK = 4096;

/** Two vectors, which are worked on together: so a third one's values are read once for both. */
export type Two = readonly [Float32Array, Float32Array];

/** Σ a_i c_i and Σ b_i c_i of each two vectors a, b with c, in double precision: all in one pass over c. */
export function products(twos: readonly Two[], c: Float32Array): [number, number][] {
  const sums = twos.map((): [number, number] => [0, 0]);
  for (let from = 0; from < c.length; from += BLOCK) {
    const to = Math.min(from + BLOCK, c.length);
    for (let n = 0; n < twos.length; n++) addProducts(twos[n]!, c, from, to, sums[n]!);
  }
  return sums;
}

/** Adds Σ f·a + g·b over two vectors a, b and their factors f, g to `sum`: all in one pass over it. */
export function addUp(sum: Float32Array, twos: readonly Two[], factors: readonly (readonly [number, number])[]): void {
  const part = new Float64Array(BLOCK);
  for (let from = 0; from < sum.length; from += BLOCK) {
    const count = Math.min(BLOCK, sum.length - from);
    part.fill(0);
    for (let n = 0; n < twos.length; n++) addScaled(part, twos[n]!, factors[n]!, from, count);
    for (let i = 0; i < count; i++) sum[from + i]! += part[i]!;
  }
}

function addProducts([a, b]: Two, c: Float32Array, from: number, to: number, sums: [number, number]): void {
  // Sums beside each other, which do not wait for one another.
  let [a0, a1, b0, b1] = [0, 0, 0, 0];
  let i = from;
  for (; i + 1 < to; i += 2) {
    const [c0, c1] = [c[i]!, c[i + 1]!];
    a0 += a[i]! * c0;
    a1 += a[i + 1]! * c1;
    b0 += b[i]! * c0;
    b1 += b[i + 1]! * c1;
  }
  if (i < to) {
    a0 += a[i]! * c[i]!;
    b0 += b[i]! * c[i]!;
  }
  sums[0] += a0 + a1;
  sums[1] += b0 + b1;
}

function addScaled(
  part: Float64Array,
  [a, b]: Two,
  [f, g]: readonly [number, number],
  from: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) part[i]! += f * a[from + i]! + g * b[from + i]!;
}
