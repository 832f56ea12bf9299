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
      for (let i = 0; i < size; i++) {
        const v = keep * velocity[i]! + unit * gradient[i]!;
        velocity[i] = v;
        parameters[i]! += now * v;
      }
    },
  };
}

function meanMagnitude(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]!);
  return sum / values.length;
}
