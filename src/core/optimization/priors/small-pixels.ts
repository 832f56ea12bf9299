import { nth } from '../../vectors/nth.ts';
import type { Prior } from './prior.ts';

/** Pixels whose norm over the channels is below this percentile become zero (Yosinski et al. 2015, §3.3). C×area */
export const dropSmallNorm = (percentile: number, channels: number): Prior =>
  drop(percentile, channels, (parameters, _, area) => {
    const squares = new Float64Array(area);
    for (let start = 0; start < parameters.length; start += area)
      for (let i = 0; i < area; i++) squares[i]! += parameters[start + i]! * parameters[start + i]!;
    return squares;
  });

/**
 * Pixels that the objective would hardly miss, |Σ over channels of −x · g|, those below this percentile, become zero
 * (Yosinski et al. 2015, §3.4). C×area
 */
export const dropSmallContribution = (percentile: number, channels: number): Prior =>
  drop(percentile, channels, (parameters, gradient, area) => {
    const sums = new Float64Array(area);
    for (let start = 0; start < parameters.length; start += area)
      for (let i = 0; i < area; i++) sums[i]! += parameters[start + i]! * gradient[start + i]!;
    for (let i = 0; i < area; i++) sums[i] = Math.abs(sums[i]!);
    return sums;
  });

/** Of each pixel. */
type Sizes = (parameters: Float32Array, gradient: Float32Array, area: number) => Float64Array;

/** What lies below the percentile, between two values as NumPy counts it. */
const drop =
  (percentile: number, channels: number, sizesOf: Sizes): Prior =>
  (parameters, gradient) => {
    const area = parameters.length / channels;
    const sizes = sizesOf(parameters, gradient, area);
    const bound = nth(sizes.slice(), Math.ceil((percentile / 100) * (area - 1)));
    for (let start = 0; start < parameters.length; start += area)
      for (let i = 0; i < area; i++) if (sizes[i]! < bound) parameters[start + i] = 0;
  };
