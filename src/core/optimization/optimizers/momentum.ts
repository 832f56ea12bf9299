import { inBlocks } from '../../vectors/in-blocks.ts';
import { kernels } from '../../vectors/memory.ts';
import { meanMagnitude } from '../../vectors/vectors.ts';
import { annealed } from './annealed.ts';
import type { Optimizer } from './optimizer.ts';

/**
 * Gradient ascent with momentum: v ← μ v + g, x ← x + rate · v (Polyak 1964, as PyTorch's SGD has it). With `normalised`, g is
 * divided by its mean magnitude first, so that a step has the same size whatever the unit (Mordvintsev et al. 2015, DeepDream). With `over`, the rate falls to nothing over so
 * many steps, as Adam's does.
 */
export function momentum(
  size: number,
  options: { rate: number; keep?: number; normalised?: boolean; over?: number },
): Optimizer {
  const { rate, keep = 0, normalised = false, over } = options;
  let steps = 0;
  const velocity = new Float32Array(size);
  return {
    step(parameters, gradient) {
      const now = rate * annealed(steps++, over);
      const unit = normalised ? 1 / (meanMagnitude(gradient) || 1) : 1;
      const kernel = kernels().momentum;
      inBlocks({ changed: [parameters, velocity], read: [gradient] }, (count, x, v, g) =>
        kernel(count, x, v, g, keep, unit, now),
      );
    },
  };
}
