import type { LayerBuilder } from '../call.ts';
import { ACTIVATION_LAYERS } from './activations.ts';
import { CONVOLUTION_LAYERS } from './convolution.ts';
import { MERGE_LAYERS } from './merge.ts';
import { NORMALIZATION_LAYERS } from './normalization.ts';
import { POOLING_LAYERS } from './pooling.ts';
import { REDUCTION_LAYERS } from './reduction.ts';
import { SHAPE_LAYERS } from './shape.ts';

/** The layers that are known, by Caffe's name of their type. */
export const LAYERS: Readonly<Record<string, LayerBuilder>> = {
  ...ACTIVATION_LAYERS,
  ...CONVOLUTION_LAYERS,
  ...MERGE_LAYERS,
  ...NORMALIZATION_LAYERS,
  ...POOLING_LAYERS,
  ...REDUCTION_LAYERS,
  ...SHAPE_LAYERS,
};
