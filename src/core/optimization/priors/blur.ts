import type { Prior } from './prior.ts';

/** Three standard deviations: what lies farther out weighs less than a level of a byte. */
const REACH = 3;

interface Blur {
  /** Standard deviation in pixels. */
  readonly sigma: number;
  /** Each how many steps. */
  readonly every: number;
  readonly height: number;
  readonly width: number;
}

/** A Gaussian blur of each channel now and then (Yosinski et al. 2015, §3.2); at the border the weights that are left count. */
export function blur({ sigma, every, height, width }: Blur): Prior {
  if (sigma === 0) return () => {};
  const reach = Math.ceil(REACH * sigma);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const line = new Float32Array(Math.max(height, width));
  const along = (values: Float32Array, from: number, step: number, count: number) => {
    for (let i = 0; i < count; i++) line[i] = values[from + i * step]!;
    for (let i = 0; i < count; i++) {
      let sum = 0;
      let weight = 0;
      for (let k = Math.max(0, i - reach); k <= Math.min(count - 1, i + reach); k++) {
        const w = kernel[k - i + reach]!;
        sum += w * line[k]!;
        weight += w;
      }
      values[from + i * step] = sum / weight;
    }
  };
  return (parameters, _, step) => {
    if (step % every !== 0) return;
    for (let plane = 0; plane < parameters.length; plane += height * width) {
      for (let y = 0; y < height; y++) along(parameters, plane + y * width, 1, width);
      for (let x = 0; x < width; x++) along(parameters, plane + x, width, height);
    }
  };
}
