import { damaged } from '../../failure.ts';
import { Unsupported, type Call, type LayerBuilder } from '../call.ts';
import type { KerasTensor } from '../tensor.ts';

const STATISTICS = ['gamma', 'beta', 'moving_mean', 'moving_variance'];

/** Keras' axis setting: a number, or a list of one. */
function oneAxis(call: Call): number {
  const { axis } = call.layer.settings;
  const value: unknown = Array.isArray(axis) && axis.length === 1 ? axis[0] : (axis ?? -1);
  if (typeof value !== 'number') throw call.wrong('axis', 'one axis');
  return value;
}

const batchNormalization: LayerBuilder = (call) => {
  const { input } = call;
  // Keras 1 may normalize each sample, or each batch by its own statistics.
  const mode = call.number('mode', 0);
  if (mode !== 0) throw new Unsupported(`BatchNormalization of mode ${mode}`);
  const names = STATISTICS.filter((name) => call.flag(OPTIONAL[name] ?? '', true));
  const count = call.shared.weights.require(call.path, 'moving_variance', names).shape[0] ?? 0;
  const statistic = (name: string, value: number) =>
    names.includes(name) ? call.weight(name, names) : call.filled(name, new Array<number>(count).fill(value), [count]);
  const values = [
    statistic('gamma', 1),
    statistic('beta', 0),
    statistic('moving_mean', 0),
    statistic('moving_variance', 1),
  ];
  const epsilon = call.number('epsilon', 1e-3);
  const axis = call.knows(input) ? call.axis(oneAxis(call), input) : 1;
  if (axis === 1)
    return { result: { ...input, tensor: call.add('BatchNormalization', [input.tensor, ...values], { epsilon }) } };
  // The operator knows the second axis only: that one is brought there, and back.
  const perm = call.shape(input).map((_, i) => i);
  [perm[1], perm[axis]] = [axis, 1];
  const turned = call.add('Transpose', [input.tensor], { perm }, 'turned');
  const normal = call.add('BatchNormalization', [turned, ...values], { epsilon });
  return { result: { ...input, tensor: call.add('Transpose', [normal], { perm }, 'back') } };
};

/** Statistics that a layer may go without, by the setting that says so. */
const OPTIONAL: Readonly<Record<string, string>> = { gamma: 'scale', beta: 'center' };

/** Numbers for each value of the last axis, or one for all. */
function perChannel(call: Call, input: KerasTensor, name: string, values: readonly number[]): string {
  if (values.length === 1) return call.scalar(values[0]!);
  const axis = call.axis(-1, input);
  const shape = call.shape(input).map((size, i) => (i === axis ? size : 1));
  if (shape[axis] !== values.length)
    throw damaged(`layer '${call.name}' has ${values.length} values in ${name} for ${shape[axis]} channels`);
  return call.filled(name, values, shape);
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((v) => typeof v === 'number');

function setting(call: Call, name: string, fallback: number): readonly number[] {
  const value = call.layer.settings[name] ?? fallback;
  const flat: unknown = Array.isArray(value) ? value.flat(4) : [value];
  if (!isNumbers(flat)) throw call.wrong(name, 'a number, or one for each channel');
  return flat;
}

const rescaling: LayerBuilder = (call) => {
  const { input } = call;
  const scaled = call.add(
    'Mul',
    [input.tensor, perChannel(call, input, 'scale', setting(call, 'scale', 1))],
    {},
    'Mul',
  );
  const offset = perChannel(call, input, 'offset', setting(call, 'offset', 0));
  return { result: { ...input, tensor: call.add('Add', [scaled, offset]) } };
};

/** (x − mean) / max(√variance, ε), with statistics from the settings or learned from data. */
const normalization: LayerBuilder = (call) => {
  const { input } = call;
  const statistic = (name: string) =>
    call.layer.settings[name] === undefined || call.layer.settings[name] === null
      ? Array.from(call.shared.weights.require(call.path, name, ['mean', 'variance', 'count']).tensor().data)
      : setting(call, name, 0);
  const spread = statistic('variance').map((value) => Math.max(Math.sqrt(value), 1e-7));
  const centred = call.add('Sub', [input.tensor, perChannel(call, input, 'mean', statistic('mean'))], {}, 'Sub');
  return { result: { ...input, tensor: call.add('Div', [centred, perChannel(call, input, 'deviation', spread)]) } };
};

export const NORMALIZATION_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  BatchNormalization: batchNormalization,
  BatchNormalizationV1: batchNormalization,
  BatchNormalizationV2: batchNormalization,
  Rescaling: rescaling,
  Normalization: normalization,
};
