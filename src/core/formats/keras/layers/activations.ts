import { Unsupported, type Call, type LayerBuilder } from '../call.ts';
import type { KerasTensor } from '../tensor.ts';

/** Writes a function of each value; returns its output. */
type Function = (call: Call, x: string, input: KerasTensor) => string;

const node =
  (op: string, attributes: Readonly<Record<string, number>> = {}): Function =>
  (call, x) =>
    call.add(op, [x], attributes, op);

const timesGate =
  (gate: (call: Call, x: string) => string): Function =>
  (call, x) =>
    call.add('Mul', [x, gate(call, x)], {}, 'Mul');

const clip =
  (low: number, high: number): Function =>
  (call, x) =>
    call.add('Clip', [x, call.scalar(low), call.scalar(high)], {}, 'Clip');

const softmax =
  (op: string, axis = -1): Function =>
  (call, x, input) =>
    call.add(op, [x], { axis: call.knows(input) ? call.axis(axis, input) : axis }, op);

const hardSwish: Function = node('HardSwish');
const silu: Function = timesGate((call, x) => call.add('Sigmoid', [x], {}, 'Sigmoid'));

const gelu: Function = (call, x) => {
  const inner = call.add('Erf', [call.add('Mul', [x, call.scalar(Math.SQRT1_2)], {}, 'Scale')], {}, 'Erf');
  const gate = call.add('Mul', [call.add('Add', [inner, call.scalar(1)], {}, 'Shift'), call.scalar(0.5)], {}, 'Half');
  return call.add('Mul', [x, gate], {}, 'Mul');
};

/** Keras' activation functions by name; `linear` is none. */
const FUNCTIONS: Readonly<Record<string, Function>> = {
  relu: node('Relu'),
  relu6: clip(0, 6),
  elu: node('Elu', { alpha: 1 }),
  selu: node('Selu'),
  leaky_relu: node('LeakyRelu', { alpha: 0.2 }),
  softplus: node('Softplus'),
  softsign: node('Softsign'),
  tanh: node('Tanh'),
  sigmoid: node('Sigmoid'),
  // Keras 3 took the slope that others use.
  hard_sigmoid: (call, x) => {
    const alpha = call.shared.version >= 3 ? 1 / 6 : 0.2;
    return call.add('HardSigmoid', [x], { alpha, beta: 0.5 }, 'HardSigmoid');
  },
  exponential: node('Exp'),
  softmax: softmax('Softmax'),
  log_softmax: softmax('LogSoftmax'),
  swish: silu,
  silu,
  hard_swish: hardSwish,
  hard_silu: hardSwish,
  gelu,
  hard_tanh: clip(-1, 1),
  log_sigmoid: (call, x) => {
    const positive = call.add('Softplus', [call.add('Neg', [x], {}, 'Neg')], {}, 'Softplus');
    return call.add('Neg', [positive], {}, 'LogSigmoid');
  },
  tanh_shrink: (call, x) => call.add('Sub', [x, call.add('Tanh', [x], {}, 'Tanh')], {}, 'Sub'),
  mish: timesGate((call, x) => call.add('Tanh', [call.add('Softplus', [x], {}, 'Softplus')], {}, 'Tanh')),
};

/** The name of the function that a setting says, in any of the forms that Keras writes. */
function functionName(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return 'linear';
  const { class_name: kind, config } = value as { class_name?: unknown; config?: unknown };
  return typeof config === 'string' ? config : String(kind);
}

/** The layer's own activation function after `before`; undefined where it is one that is not known. */
export function activate(call: Call, before: KerasTensor): KerasTensor {
  const name = functionName(call.layer.settings.activation);
  if (name === 'linear') return before;
  const apply = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!apply) throw new Unsupported(`activation ${name}`);
  return { ...before, tensor: apply(call, before.tensor, before) };
}

/** A layer that is a function of each value. */
export const pointwise =
  (apply: Function): LayerBuilder =>
  (call) => {
    const { input } = call;
    return { result: { ...input, tensor: apply(call, input.tensor, input) }, before: input.tensor };
  };

/** max_value · above; x between; negative_slope · (x − threshold) below (Keras, ReLU). */
const relu: Function = (call, x) => {
  const most = call.layer.settings.max_value as number | null | undefined;
  const slope = call.number('negative_slope', call.number('alpha', 0));
  const threshold = call.number('threshold', 0);
  if (slope === 0 && threshold === 0)
    return most === null || most === undefined
      ? FUNCTIONS.relu!(call, x, call.input)
      : clip(0, most)(call, x, call.input);
  let y: string;
  if (threshold === 0) y = call.add('LeakyRelu', [x], { alpha: slope }, 'LeakyRelu');
  else {
    const low = call.add(
      'Mul',
      [call.add('Sub', [x, call.scalar(threshold)], {}, 'Sub'), call.scalar(slope)],
      {},
      'Mul',
    );
    const above = call.add('GreaterOrEqual', [x, call.scalar(threshold)], {}, 'Above');
    y = call.add('Where', [above, x, low], {}, 'Where');
  }
  return most === null || most === undefined ? y : call.add('Min', [y, call.scalar(most)], {}, 'Min');
};

const layerSoftmax: Function = (call, x, input) => {
  const { axis } = call.layer.settings;
  const axes: unknown[] = Array.isArray(axis) ? axis : [axis ?? -1];
  if (axes.length !== 1 || typeof axes[0] !== 'number') throw call.wrong('axis', 'one axis');
  return softmax('Softmax', axes[0])(call, x, input);
};

const prelu: LayerBuilder = (call) => {
  const { input } = call;
  const perm = input.channelsLast ? [2, 0, 1] : undefined;
  const slope = call.weight('alpha', ['alpha'], { perm });
  return { result: { ...input, tensor: call.add('PRelu', [input.tensor, slope]) }, before: input.tensor };
};

/** Functions that Keras 3 writes as layers of their own where a network calls them. */
const OPERATIONS: Readonly<Record<string, string>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  Sigmoid: 'sigmoid',
  Silu: 'silu',
  Tanh: 'tanh',
  Softplus: 'softplus',
  Gelu: 'gelu',
  HardSigmoid: 'hard_sigmoid',
  HardSilu: 'hard_silu',
};

export const ACTIVATION_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  Activation: (call) => {
    const { input } = call;
    return { result: activate(call, input), before: input.tensor };
  },
  ReLU: pointwise(relu),
  LeakyReLU: pointwise((call, x) =>
    call.add('LeakyRelu', [x], { alpha: call.number('negative_slope', call.number('alpha', 0.3)) }),
  ),
  ELU: pointwise((call, x) => call.add('Elu', [x], { alpha: call.number('alpha', 1) })),
  ThresholdedReLU: pointwise((call, x) => call.add('ThresholdedRelu', [x], { alpha: call.number('theta', 1) })),
  Softmax: pointwise(layerSoftmax),
  ...Object.fromEntries(Object.entries(OPERATIONS).map(([kind, name]) => [kind, pointwise(FUNCTIONS[name]!)])),
  PReLU: prelu,
};
