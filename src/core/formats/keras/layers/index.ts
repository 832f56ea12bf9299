import type { LayerBuilder } from '../call.ts';
import { ACTIVATION_LAYERS } from './activations.ts';
import { CONVOLUTION_LAYERS } from './convolution.ts';
import { MERGE_LAYERS } from './merge.ts';
import { NORMALIZATION_LAYERS } from './normalization.ts';
import { POOLING_LAYERS } from './pooling.ts';
import { SHAPE_LAYERS } from './shape.ts';

/** By Keras class, how a layer is written as nodes of the graph. */
export const LAYERS: Readonly<Record<string, LayerBuilder>> = {
  ...ACTIVATION_LAYERS,
  ...CONVOLUTION_LAYERS,
  ...MERGE_LAYERS,
  ...NORMALIZATION_LAYERS,
  ...POOLING_LAYERS,
  ...SHAPE_LAYERS,
};
