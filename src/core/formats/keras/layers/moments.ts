import { target, Unsupported, type Call, type LayerBuilder } from '../call.ts';
import type { KerasTensor } from '../tensor.ts';

/** Keras' `axis`, one or several, as axes of the graph in their order. */
function axesOf(call: Call, input: KerasTensor): number[] {
  const { axis } = call.layer.settings;
  const axes: unknown[] = Array.isArray(axis) ? axis : [axis ?? -1];
  if (axes.length === 0 || !axes.every((one) => Number.isInteger(one)))
    throw call.wrong('axis', 'one axis, or several');
  return axes.map((one) => call.axis(one as number, input)).sort((a, b) => a - b);
}

/** (x − mean) / √(variance + ε) over these axes. */
function standardized(call: Call, x: string, axes: readonly number[]): string {
  const over = call.ints(axes);
  const mean = call.add('ReduceMean', [x, over], { keepdims: 1 }, 'Mean');
  const centred = call.add('Sub', [x, mean], {}, 'Sub');
  const square = call.add('Mul', [centred, centred], {}, 'Square');
  const variance = call.add('ReduceMean', [square, over], { keepdims: 1 }, 'Variance');
  const spread = call.add('Add', [variance, call.scalar(call.number('epsilon', 1e-3))], {}, 'Epsilon');
  return call.add('Div', [centred, call.add('Sqrt', [spread], {}, 'Sqrt')], {}, 'Div');
}

/** y · gamma + beta, as far as the layer has them, which have a value for each position along these axes. */
function scaled(call: Call, y: string, input: KerasTensor, axes: readonly number[]): string {
  const names = [...(call.flag('scale', true) ? ['gamma'] : []), ...(call.flag('center', true) ? ['beta'] : [])];
  const full = call.shape(input);
  const laid = full.map((size, axis) => (axes.includes(axis) ? size : 1));
  return names.reduce((value, name, i) => {
    const weight = call.weight(name, names, { shape: () => laid });
    return call.add(name === 'gamma' ? 'Mul' : 'Add', [value, weight], {}, i === names.length - 1 ? '' : name);
  }, y);
}

const layerNormalization: LayerBuilder = (call) => {
  // Weights over several axes stand in Keras' order of these.
  const input = axisCount(call) > 1 ? call.plain(call.input) : call.input;
  const axes = axesOf(call, input);
  const tensor = scaled(call, standardized(call, input.tensor, axes), input, axes);
  return { result: input.channelsLast ? { ...input, tensor } : call.toImage(tensor) };
};

const axisCount = ({ layer: { settings } }: Call): number => (Array.isArray(settings.axis) ? settings.axis.length : 1);

/** Standardized over the image and a group of neighbouring channels. */
const groupNormalization: LayerBuilder = (call) => {
  const { input } = call;
  const shape = call.shape(input);
  const [axis] = axesOf(call, input);
  const channels = shape[axis!]!;
  const wanted = call.number('groups', 32);
  const groups = wanted === -1 ? channels : wanted;
  if (axis !== 1 || shape.length < 3 || !(groups > 0) || channels % groups !== 0)
    throw call.wrong('groups', `a divisor of ${channels} channels of images`);
  const size = shape.slice(1).reduce((a, b) => a * b, 1) / groups;
  const inGroups = call.add('Reshape', [input.tensor, call.ints([0, groups, size])], {}, 'Groups');
  const normal = standardized(call, inGroups, [2]);
  const back = call.add('Reshape', [normal, call.ints(target(shape))], {}, 'Back');
  return { result: { ...input, tensor: scaled(call, back, input, [1]) } };
};

/** x / √Σx², at most 10⁶ times as large. */
const unitNormalization: LayerBuilder = (call) => {
  const { input } = call;
  const square = call.add('Mul', [input.tensor, input.tensor], {}, 'Square');
  const sum = call.add('ReduceSum', [square, call.ints(axesOf(call, input))], { keepdims: 1 }, 'Sum');
  const length = call.add('Sqrt', [call.add('Max', [sum, call.scalar(1e-12)], {}, 'Max')], {}, 'Sqrt');
  return { result: { ...input, tensor: call.add('Div', [input.tensor, length]) } };
};

/** ConvNeXt's: a factor for each channel. */
const layerScale: LayerBuilder = (call) => {
  const { input } = call;
  const axis = call.axis(-1, input);
  const laid = call.shape(input).map((size, at) => (at === axis ? size : 1));
  const gamma = call.weight('gamma', ['gamma'], { shape: () => laid });
  return { result: { ...input, tensor: call.add('Mul', [input.tensor, gamma]) } };
};

/** Inception-ResNet's: the first input, and the second one times a number. */
const customScale: LayerBuilder = (call) => {
  const [first, second] = call.inputs;
  if (!first || !second) throw call.wrong('scale', 'two inputs');
  const part = call.add('Mul', [second.tensor, call.scalar(call.number('scale', 1))], {}, 'Mul');
  return { result: { ...first, tensor: call.add('Add', [first.tensor, part]) } };
};

/** The operation of Keras 3: over axes of the configuration, all if it has none. */
const reduction =
  (op: string): LayerBuilder =>
  (call) => {
    const input = call.plain(call.input);
    const { axis } = call.layer.settings;
    const rank = call.shape(input).length;
    if (axis === null || axis === undefined) throw new Unsupported(`${call.layer.kind} over all images`);
    const axes = axesOf(call, input);
    if (axes.includes(0)) throw new Unsupported(`${call.layer.kind} over all images`);
    const keep = call.flag('keepdims', false);
    const tensor = call.add(op, [input.tensor, call.ints(axes)], { keepdims: keep ? 1 : 0 });
    return { result: keep && rank === 4 ? call.toImage(tensor) : { tensor, channelsLast: false } };
  };

/** Layers that take moments over axes, and the small ones of Keras' own applications. */
export const MOMENT_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  LayerNormalization: layerNormalization,
  GroupNormalization: groupNormalization,
  UnitNormalization: unitNormalization,
  LayerScale: layerScale,
  CustomScaleLayer: customScale,
  Mean: reduction('ReduceMean'),
  Max: reduction('ReduceMax'),
  Sum: reduction('ReduceSum'),
};
