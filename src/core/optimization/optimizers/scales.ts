import { addScaled, meanMagnitude } from '../../vectors/vectors.ts';
import { weightColours } from '../colour.ts';
import type { Size } from '../picture-size.ts';
import { resample } from '../resample.ts';
import type { Optimizer } from './optimizer.ts';

interface ScalesOptions {
  readonly size: Size;
  /** How many: the pixels themselves, then each time half as fine. 1: the gradient as it is. */
  readonly count: number;
}

/**
 * An optimizer on pixels (C×h×w) that is given each scale of the gradient by equal parts: Σ_s g_s / mean|g_s|, g_s the gradient averaged over
 * squares of 2^s pixels. A strided network's gradient is mostly grain, which coarse shapes are lost in; the sum still points upwards, as
 * every g_s does. Colours are weighted as they vary in pictures (`weightColours`), or most of the grain is coloured. Mordvintsev et al. 2015 (tensorflow/examples/tutorials/deepdream, `lap_normalize`).
 */
export function acrossScales(optimizer: Optimizer, { size, count }: ScalesOptions): Optimizer {
  if (count === 1) return optimizer;
  return {
    step(parameters, gradient, value) {
      const sum = new Float32Array(gradient.length);
      const coloured = gradient.slice();
      weightColours(coloured, size[0] * size[1]);
      let [scale, own]: [Float32Array, Size] = [coloured, size];
      for (let s = 0; s < count && Math.min(...own) > 1; s++) {
        if (s > 0) {
          const half: Size = [Math.ceil(own[0] / 2), Math.ceil(own[1] / 2)];
          [scale, own] = [resample(scale, own, half), half];
        }
        const unit = 1 / (meanMagnitude(scale) || 1);
        const wide = s > 0 ? resample(scale, own, size) : scale;
        addScaled(sum, wide, unit);
      }
      optimizer.step(parameters, sum, value);
    },
  };
}
