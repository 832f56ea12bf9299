import type { Optimizer } from './optimizer.ts';

/** RMSprop: s ← ρ s + (1 − ρ) g², x ← x + rate · g / (√s + ε). Tieleman & Hinton 2012, lecture 6e, as PyTorch has it. */
export function rmsProp(size: number, options: { rate: number; keep?: number; epsilon?: number }): Optimizer {
  const { rate, keep = 0.99, epsilon = 1e-8 } = options;
  const square = new Float32Array(size);
  return {
    step(parameters, gradient) {
      for (let i = 0; i < size; i++) {
        const g = gradient[i]!;
        const s = keep * square[i]! + (1 - keep) * g * g;
        square[i] = s;
        parameters[i]! += (rate * g) / (Math.sqrt(s) + epsilon);
      }
    },
  };
}
