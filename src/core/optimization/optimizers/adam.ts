import { inBlocks } from '../../vectors/in-blocks.ts';
import { kernels } from '../../vectors/memory.ts';
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
    const [keep1, keep2] = [this.#beta1, this.#beta2];
    const rate = rateNow / (1 - keep1 ** this.#steps);
    const correction = 1 / Math.sqrt(1 - keep2 ** this.#steps);
    const { adam } = kernels();
    inBlocks({ changed: [parameters, this.#mean, this.#square], read: [gradient] }, (count, x, m, v, g) =>
      adam(count, x, m, v, g, keep1, 1 - keep1, keep2, 1 - keep2, rate, correction, this.#epsilon),
    );
  }
}
