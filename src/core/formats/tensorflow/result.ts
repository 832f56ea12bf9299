import type { Tensor } from '../../graph/tensor.ts';
import type { KerasTensor } from '../keras/tensor.ts';
import type { Value } from '../onnx/values.ts';

/** A tensor whose values are known when the file is read, in TensorFlow's order of axes. */
export interface Known {
  readonly kind: 'known';
  /** As the file calls it: what its constant in the graph is called. */
  readonly name: string;
  /** The batch size may be in it, as `N` (batch.ts). */
  readonly value: Value;
  /** The stored tensor, where that is what it is. */
  readonly tensor?: Tensor;
}

/** A tensor that the graph makes when it runs. */
export interface Computed extends KerasTensor {
  readonly kind: 'computed';
  /** Where the batch was joined with the axes after it: the tensor still has them. */
  readonly rows?: true;
  /** Where training scales it by chance: the tensor before. */
  readonly beforeScaling?: Computed;
}

/** Windows of an image as images of their own, as TensorFlow writes a convolution with holes: it is one convolution. */
export interface Blocks {
  readonly kind: 'blocks';
  readonly image: Computed;
  /** How far the positions of a window are apart, by axis. */
  readonly dilations: readonly [number, number];
  /** Padding of the image: begins of both axes, then ends. */
  readonly pads: readonly number[];
  /** The convolution of them, with the padding that is left. */
  readonly convolve?: (pads: readonly number[]) => Computed;
}

/** What a tensor of the file became. */
export type Result =
  | Known
  | Computed
  | Blocks
  /** Tensors in a list of TensorFlow; undefined where none was put yet. */
  | { readonly kind: 'list'; readonly items: readonly (Result | undefined)[] }
  /** Of a branch that is not taken. */
  | { readonly kind: 'dead' }
  /** What chance makes in training: the masks of dropout. */
  | { readonly kind: 'random' }
  /** Strings, and what else holds no numbers. */
  | { readonly kind: 'other' };

export const computed = (tensor: string, channelsLast: boolean): Computed => ({
  kind: 'computed',
  tensor,
  channelsLast,
});
