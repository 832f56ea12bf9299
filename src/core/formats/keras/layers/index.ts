import type { LayerBuilder } from '../call.ts';
import type { LayerConfig } from '../config.ts';
import { ACTIVATION_LAYERS } from './activations.ts';
import { ATTENTION_LAYERS } from './attention.ts';
import { CONVOLUTION_LAYERS } from './convolution.ts';
import { LOCALLY_CONNECTED_LAYERS } from './locally-connected.ts';
import { MERGE_LAYERS } from './merge.ts';
import { MOMENT_LAYERS } from './moments.ts';
import { NORMALIZATION_LAYERS } from './normalization.ts';
import { functionBuilder, OPERATION_LAYERS } from './operations.ts';
import { POOLING_LAYERS } from './pooling.ts';
import { RESIZING_LAYERS } from './resizing.ts';
import { SHAPE_LAYERS } from './shape.ts';
import { SIGNAL_LAYERS } from './signals.ts';

/** By Keras class, how a layer is written as nodes of the graph. */
const LAYERS: Readonly<Record<string, LayerBuilder>> = {
  ...ACTIVATION_LAYERS,
  ...ATTENTION_LAYERS,
  ...CONVOLUTION_LAYERS,
  ...LOCALLY_CONNECTED_LAYERS,
  ...MERGE_LAYERS,
  ...MOMENT_LAYERS,
  ...NORMALIZATION_LAYERS,
  ...POOLING_LAYERS,
  ...RESIZING_LAYERS,
  ...SHAPE_LAYERS,
  ...SIGNAL_LAYERS,
  ...OPERATION_LAYERS,
};

/** Classes that Keras' own networks register as if they were a user's. */
const APPLICATIONS: ReadonlySet<string> = new Set(['CustomScaleLayer', 'LayerScale', 'StochasticDepth']);

/** What writes a layer of this class and with these settings; undefined for one that is not known. */
export function builderOf({ kind, settings }: LayerConfig): LayerBuilder | undefined {
  if (kind === 'TFOpLambda') return functionBuilder(settings.function);
  const [, own] = kind.split('>');
  if (own !== undefined) return APPLICATIONS.has(own) ? LAYERS[own] : undefined;
  return Object.hasOwn(LAYERS, kind) ? LAYERS[kind] : undefined;
}
