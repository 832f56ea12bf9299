import { LayerscopeError } from '../../errors.ts';
import { buildNet } from './build.ts';
import { firstLearner } from './input-shape.ts';
import type { RunnableNet } from './runnable.ts';
import type { Weights } from './weights.ts';

/** Sides of the pictures of the usual data sets and networks. */
const USUAL = [28, 32, 48, 64, 96, 100, 112, 128, 160, 192, 224, 227, 231, 256, 299, 300, 320, 384, 448, 512];

/** Of a net without fully connected layers, which takes any size. */
const ANY = [224];

/** A net with a size for its only input, of which the file does not say one. */
export interface Sized {
  readonly net: RunnableNet;
  readonly warning: string;
}

/**
 * A net trained from a database does not say how large its pictures are; its fully connected layers know. Undefined where
 * no usual square fits them, or where the input is no picture.
 */
export function withGuessedSize(net: RunnableNet, weights: Weights): Sized | undefined {
  const [input] = net.inputs;
  const learner = input && firstLearner(net.layers, input.name);
  const perGroup = learner?.type === 'Convolution' ? weights.blobs(learner)[0]?.shape[1] : undefined;
  if (!input || net.inputs.length > 1 || input.shape.length > 0 || perGroup === undefined) return undefined;
  const channels = perGroup * learner!.settings.message('convolution_param').number('group', 1);
  const connected = net.layers.some(({ type }) => type === 'InnerProduct');
  for (const side of connected ? USUAL : ANY) {
    const sized = { ...net, inputs: [{ name: input.name, shape: [1, channels, side, side] }] };
    if (!builds(sized, weights)) continue;
    const why = connected ? 'which its fully connected layers fit' : 'as it takes any';
    return {
      net: sized,
      warning: `The size of input '${input.name}' is not in the file; ${side}×${side} is taken, ${why}.`,
    };
  }
  return undefined;
}

function builds(net: RunnableNet, weights: Weights): boolean {
  try {
    buildNet(net, weights);
    return true;
  } catch (error) {
    if (error instanceof LayerscopeError) return false;
    throw error;
  }
}
