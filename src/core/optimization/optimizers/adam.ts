import { annealed } from './annealed.ts';
import type { Optimizer } from './optimizer.ts';

interface AdamOptions {
  readonly rate: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** The rate falls to nothing over so many steps, along half a cosine; default: it stays. */
  readonly over?: number;
}

/**
 * Adam, made to climb: parameters follow the gradient upwards. Kingma & Ba 2015, Algorithm 1 (ε outside the root, after the
 * bias correction, as PyTorch has it). With `over`, the rate is `annealed`.
 */
export class Adam implements Optimizer {
  readonly #rate: number;
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;
  readonly #over: number;
  readonly #mean: Float32Array;
  readonly #square: Float32Array;
  #steps = 0;

  constructor(size: number, { rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, over = Infinity }: AdamOptions) {
    [this.#rate, this.#beta1, this.#beta2, this.#epsilon] = [rate, beta1, beta2, epsilon];
    this.#over = over;
    this.#mean = new Float32Array(size);
    this.#square = new Float32Array(size);
  }

  step(parameters: Float32Array, gradient: Float32Array): void {
    const rateNow = this.#rate * annealed(this.#steps++, this.#over);
    const mean = this.#mean;
    const square = this.#square;
    const keep1 = this.#beta1;
    const keep2 = this.#beta2;
    const epsilon = this.#epsilon;
    const rate = rateNow / (1 - keep1 ** this.#steps);
    const correction = 1 / Math.sqrt(1 - keep2 ** this.#steps);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i]!;
      const m = keep1 * mean[i]! + (1 - keep1) * g;
      const v = keep2 * square[i]! + (1 - keep2) * g * g;
      mean[i] = m;
      square[i] = v;
      parameters[i]! += (rate * m) / (Math.sqrt(v) * correction + epsilon);
    }
  }
}
