/** Keras' layers by their definitions, as plain loops over one N×H×W×C image: what the importer is compared with. */

export interface Image {
  readonly shape: readonly [h: number, w: number, c: number];
  readonly data: readonly number[];
}

export interface Kernel {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const at = ({ shape: [h, w, c], data }: Image, y: number, x: number, k: number): number =>
  y < 0 || x < 0 || y >= h || x >= w ? 0 : data[(y * w + x) * c + k]!;

/** TensorFlow's output size and padding before the first value. */
function extent(size: number, kernel: number, stride: number, same: boolean): { count: number; before: number } {
  if (!same) return { count: Math.floor((size - kernel) / stride) + 1, before: 0 };
  const count = Math.ceil(size / stride);
  return { count, before: Math.floor(Math.max(0, (count - 1) * stride + kernel - size) / 2) };
}

function build(h: number, w: number, c: number, value: (y: number, x: number, k: number) => number): Image {
  const data: number[] = [];
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) for (let k = 0; k < c; k++) data.push(value(y, x, k));
  return { shape: [h, w, c], data };
}

/** Σ x·kernel, kernel kH×kW×I×O. */
export function conv(image: Image, { shape, values }: Kernel, bias: Kernel, stride = 1, same = false): Image {
  const [kh, kw, i, o] = shape as [number, number, number, number];
  const rows = extent(image.shape[0], kh, stride, same);
  const columns = extent(image.shape[1], kw, stride, same);
  return build(rows.count, columns.count, o, (y, x, k) => {
    let sum = bias.values[k]!;
    for (let a = 0; a < kh; a++)
      for (let b = 0; b < kw; b++)
        for (let c = 0; c < i; c++)
          sum +=
            at(image, y * stride - rows.before + a, x * stride - columns.before + b, c) *
            values[((a * kw + b) * i + c) * o + k]!;
    return sum;
  });
}

/** Each channel with kernels of its own, kernel kH×kW×C×M; result channel c·M + m. */
export function depthwise(image: Image, { shape, values }: Kernel, stride = 1, same = false): Image {
  const [kh, kw, c, m] = shape as [number, number, number, number];
  const rows = extent(image.shape[0], kh, stride, same);
  const columns = extent(image.shape[1], kw, stride, same);
  return build(rows.count, columns.count, c * m, (y, x, k) => {
    let sum = 0;
    for (let a = 0; a < kh; a++)
      for (let b = 0; b < kw; b++)
        sum +=
          at(image, y * stride - rows.before + a, x * stride - columns.before + b, Math.floor(k / m)) *
          values[(a * kw + b) * c * m + k]!;
    return sum;
  });
}

/** The gradient of a convolution: each value adds the kernel, kH×kW×O×I, at its place. */
export function convTranspose(
  image: Image,
  { shape, values }: Kernel,
  bias: Kernel,
  stride: number,
  same: boolean,
): Image {
  const [kh, kw, o, i] = shape as [number, number, number, number];
  const [h, w] = image.shape;
  const size = (count: number, kernel: number) =>
    same ? count * stride : count * stride + Math.max(kernel - stride, 0);
  const [oh, ow] = [size(h, kh), size(w, kw)];
  const [top, left] = [extent(oh, kh, stride, same).before, extent(ow, kw, stride, same).before];
  const sums = build(oh, ow, o, (_, __, k) => bias.values[k]!).data.slice();
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      for (let a = 0; a < kh; a++)
        for (let b = 0; b < kw; b++) {
          const [ty, tx] = [y * stride + a - top, x * stride + b - left];
          if (ty < 0 || tx < 0 || ty >= oh || tx >= ow) continue;
          for (let k = 0; k < o; k++)
            for (let c = 0; c < i; c++)
              sums[(ty * ow + tx) * o + k]! += at(image, y, x, c) * values[((a * kw + b) * o + k) * i + c]!;
        }
  return { shape: [oh, ow, o], data: sums };
}

/** Over the values of a window that lie in the image. */
export function pool(
  image: Image,
  size: number,
  stride: number,
  same: boolean,
  reduce: (values: number[]) => number,
): Image {
  const [h, w, c] = image.shape;
  const rows = extent(h, size, stride, same);
  const columns = extent(w, size, stride, same);
  return build(rows.count, columns.count, c, (y, x, k) => {
    const values: number[] = [];
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) {
        const [ty, tx] = [y * stride - rows.before + a, x * stride - columns.before + b];
        if (ty >= 0 && tx >= 0 && ty < h && tx < w) values.push(at(image, ty, tx, k));
      }
    return reduce(values);
  });
}

export const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** x·kernel + bias, kernel I×O. */
export function dense(data: readonly number[], { shape, values }: Kernel, bias: Kernel): number[] {
  const [i, o] = shape as [number, number];
  return Array.from({ length: o }, (_, k) => {
    let sum = bias.values[k]!;
    for (let c = 0; c < i; c++) sum += data[c]! * values[c * o + k]!;
    return sum;
  });
}

export const map = ({ shape, data }: Image, f: (value: number, channel: number) => number): Image => ({
  shape,
  data: data.map((value, i) => f(value, i % shape[2])),
});
