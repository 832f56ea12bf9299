/**
 * Planes of height × width (any number of them) blurred by a Gaussian of standard deviation `sigma` in pixels, cut at 3 σ; beyond
 * the border the border's values go on.
 */
export function blurred(planes: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const kernel = gaussian(sigma);
  const rows = along(planes, { length: width, stride: 1, other: height, step: width, kernel });
  return along(rows, { length: height, stride: width, other: width, step: 1, kernel });
}

/** Weights of −r … r, which sum up to 1. */
function gaussian(sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    sigma === 0 ? 1 : Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const sum = kernel.reduce((total, value) => total + value, 0);
  return kernel.map((value) => value / sum);
}

interface Axis {
  /** Values of a line, and how far they stand apart. */
  readonly length: number;
  readonly stride: number;
  /** Lines of a plane, and how far their first values stand apart. */
  readonly other: number;
  readonly step: number;
  readonly kernel: Float64Array;
}

function along(values: Float32Array, { length, stride, other, step, kernel }: Axis): Float32Array {
  const result = new Float32Array(values.length);
  const reach = kernel.length >> 1;
  const line = new Float64Array(length + 2 * reach);
  for (let plane = 0; plane < values.length; plane += length * other)
    for (let n = 0; n < other; n++) {
      const first = plane + n * step;
      for (let i = 0; i < line.length; i++)
        line[i] = values[first + Math.min(length - 1, Math.max(0, i - reach)) * stride]!;
      for (let i = 0; i < length; i++) {
        let sum = 0;
        for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * line[i + k]!;
        result[first + i * stride] = sum;
      }
    }
  return result;
}
