import type { Context } from '../visualizers/visualizer.ts';
import type { Goal } from './goal.ts';
import { gradientsOfImages } from './gradients.ts';

/** Below this part of what the gradient is, it is next to nothing. */
const NEXT_TO_NOTHING = 0.01;

/** What of a changed backward pass arrives at the first image. */
export interface Arrival {
  /** Σ of its magnitudes over that of the gradient's; Infinity where the gradient is zero. */
  readonly share: number;
  /**
   * Nothing, or less than a hundredth of what the gradient is: paths that happened to pass, here and there, while all that the
   * objective depends on was stopped.
   */
  readonly lost: boolean;
  /** seed × ∂(objective)/∂image of the same question, of all images. */
  readonly gradient: Float32Array;
}

/**
 * How much a backward pass with another rule leaves at the image beside plain backprop from the same seed: rules for rectifiers only
 * stop or let pass, so it is what they let pass. `arrived`: in the shape of the input, started with `seed`.
 */
export async function arrival(context: Context, goal: Goal, arrived: Float32Array, seed = 1): Promise<Arrival> {
  const { gradients } = await gradientsOfImages(context, goal);
  const gradient = seed === 1 ? gradients : gradients.map((value) => value * seed);
  const size = arrived.length / context.image.tensor.shape[0]!;
  const [left, whole] = [magnitude(arrived, size), magnitude(gradient, size)];
  const share = whole === 0 ? Infinity : left / whole;
  return { share, lost: left === 0 || share < NEXT_TO_NOTHING, gradient };
}

function magnitude(values: Float32Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += Math.abs(values[i]!);
  return sum;
}
