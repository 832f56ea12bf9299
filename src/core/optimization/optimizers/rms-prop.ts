import { inBlocks } from '../../vectors/in-blocks.ts';
import { kernels } from '../../vectors/memory.ts';
import type { Optimizer } from './optimizer.ts';

/** RMSprop: s ← ρ s + (1 − ρ) g², x ← x + rate · g / (√s + ε). Tieleman & Hinton 2012, lecture 6e, as PyTorch has it. */
export function rmsProp(size: number, options: { rate: number; keep?: number; epsilon?: number }): Optimizer {
  const { rate, keep = 0.99, epsilon = 1e-8 } = options;
  const square = new Float32Array(size);
  return {
    step(parameters, gradient) {
      const kernel = kernels().rmsProp;
      inBlocks({ changed: [parameters, square], read: [gradient] }, (count, x, s, g) =>
        kernel(count, x, s, g, keep, 1 - keep, rate, epsilon),
      );
    },
  };
}
