import type { LayerConfig, ModelConfig, Settings } from './config.ts';
import type { StoredWeight } from './weights.ts';

/** Settings that Keras 2 has under another name (keras 2.2.4, legacy/interfaces.py). */
const RENAMED: Readonly<Record<string, string>> = {
  nb_filter: 'filters',
  subsample: 'strides',
  border_mode: 'padding',
  dim_ordering: 'data_format',
  atrous_rate: 'dilation_rate',
  bias: 'use_bias',
  output_dim: 'units',
  filter_length: 'kernel_size',
  subsample_length: 'strides',
  pool_length: 'pool_size',
  stride: 'strides',
};

const FORMATS: Readonly<Record<string, string>> = { tf: 'channels_last', th: 'channels_first' };

/** Settings that only a layer of Keras 1 has. */
const OWN = ['nb_filter', 'dim_ordering', 'border_mode', 'output_dim', 'W_regularizer'];

/** Whether a configuration is as Keras 1 writes it: older files don't say which Keras wrote them. */
export function isKeras1(config: ModelConfig, version: string | undefined): boolean {
  if (version !== undefined) return version.startsWith('1.');
  return config.layers.some(({ settings, model }) =>
    model ? isKeras1(model, version) : OWN.some((name) => name in settings),
  );
}

/** A configuration of Keras 1 with the settings that Keras 2 would have; the layers keep the classes they had. */
export function withNewSettings(config: ModelConfig): ModelConfig {
  const layers = config.layers.map((layer): LayerConfig => ({
    ...layer,
    settings: newSettings(layer),
    ...(layer.model && { model: withNewSettings(layer.model) }),
  }));
  return { ...config, layers };
}

function newSettings({ kind, settings }: LayerConfig): Settings {
  const renamed: Record<string, unknown> = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [RENAMED[name] ?? name, FORMATS[String(value)] ?? value]),
  );
  const { nb_row: rows, nb_col: columns } = settings;
  if (rows !== undefined && columns !== undefined) renamed.kernel_size = [rows, columns];
  if (kind === 'ZeroPadding2D') renamed.padding = sidesOf(settings.padding);
  return renamed;
}

/** Two numbers for both sides of each axis, four for top, bottom, left and right, or these by name. */
function sidesOf(value: unknown): unknown {
  if (Array.isArray(value) && value.length === 4) return [value.slice(0, 2), value.slice(2)];
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  const named = value as Settings;
  const [top, bottom, left, right] = ['top_pad', 'bottom_pad', 'left_pad', 'right_pad'].map((side) => named[side] ?? 0);
  return [
    [top, bottom],
    [left, right],
  ];
}

/** What Keras 2 calls a weight. */
const PARTS: Readonly<Record<string, string>> = {
  W: 'kernel',
  b: 'bias',
  gamma: 'gamma',
  beta: 'beta',
  running_mean: 'moving_mean',
  running_std: 'moving_variance',
  alphas: 'alpha',
  depthwise_kernel: 'depthwise_kernel',
  pointwise_kernel: 'pointwise_kernel',
};

const NAME = new RegExp(`^(.+)_(${Object.keys(PARTS).join('|')})(_\\d+)?$`);

/** `conv1_W` as Keras 2 names it, `conv1/kernel`; undefined where it is no name of Keras 1. */
function newName(name: string): string | undefined {
  const [, layer, part] = NAME.exec(name.slice(name.lastIndexOf('/') + 1)) ?? [];
  return layer !== undefined && part !== undefined ? `${layer}/${PARTS[part]!}` : undefined;
}

/** The weights under the names that Keras 2 gives them. */
export const withNewNames = (weights: readonly StoredWeight[]): StoredWeight[] =>
  weights.map((weight) => ({ ...weight, name: newName(weight.name) ?? weight.name }));

/** Whether weights have names that Keras 1 gave them. */
export const haveOldNames = (weights: readonly StoredWeight[]): boolean =>
  weights.some(({ name }) => !name.includes('/') && newName(name) !== undefined);

/** Weights of the oldest files, which number the layers too: each gets the name of its layer. */
export function byLayerNumber(weights: readonly StoredWeight[], config: ModelConfig): StoredWeight[] {
  const [first, second] = config.layers;
  const implied = first?.kind === 'InputLayer' && first.name === `${second?.name}_input`;
  const layers = implied ? config.layers.slice(1) : config.layers;
  return weights.map((weight) => {
    const [, number] = /^layer_(\d+)$/.exec(weight.group ?? '') ?? [];
    return number === undefined ? weight : { ...weight, group: layers[Number(number)]?.name ?? weight.group! };
  });
}
