import type { Prior } from './prior.ts';

/** Pixels whose norm over the channels is below this percentile become zero (Yosinski et al. 2015, §3.3). C×area */
export const dropSmallNorm = (percentile: number, channels: number): Prior =>
  drop(percentile, channels, (parameters, _, area, pixel) => {
    let square = 0;
    for (let i = pixel; i < parameters.length; i += area) square += parameters[i]! ** 2;
    return square;
  });

/**
 * Pixels that the objective would hardly miss, |Σ over channels of −x · g|, those below this percentile, become zero
 * (Yosinski et al. 2015, §3.4). C×area
 */
export const dropSmallContribution = (percentile: number, channels: number): Prior =>
  drop(percentile, channels, (parameters, gradient, area, pixel) => {
    let sum = 0;
    for (let i = pixel; i < parameters.length; i += area) sum += parameters[i]! * gradient[i]!;
    return Math.abs(sum);
  });

type Size = (parameters: Float32Array, gradient: Float32Array, area: number, pixel: number) => number;

/** What lies below the percentile, between two values as NumPy counts it. */
const drop =
  (percentile: number, channels: number, size: Size): Prior =>
  (parameters, gradient) => {
    const area = parameters.length / channels;
    const sizes = Float64Array.from({ length: area }, (_, pixel) => size(parameters, gradient, area, pixel));
    const bound = sizes.toSorted()[Math.ceil((percentile / 100) * (area - 1))]!;
    for (let i = 0; i < parameters.length; i++) if (sizes[i % area]! < bound) parameters[i] = 0;
  };
