import { gives, type AtenTable, type Call } from './call.ts';

/** A function of each value, which the graph has an operator for. */
const same = (op: string) => gives('self', (call) => call.add(op, [call.tensor('self')]));

const clip = (call: Call, low: number | undefined, high: number | undefined): string => {
  const bounds = [low, high].map((bound) => (bound === undefined ? '' : call.draft.scalar(bound)));
  return call.add('Clip', [call.tensor('self'), ...(bounds[1] === '' ? bounds.slice(0, 1) : bounds)]);
};

const maybe = (call: Call, arg: string) => (call.has(arg) ? call.number(arg) : undefined);

/** x · Φ(x), or its approximation by a hyperbolic tangent (Hendrycks & Gimpel 2016). */
function gelu(call: Call): string {
  const x = call.tensor('self');
  const times = (tensor: string, value: number) => call.add('Mul', [tensor, call.draft.scalar(value)]);
  const plusOne = (tensor: string) => call.add('Add', [tensor, call.draft.scalar(1)]);
  if (call.text('approximate', 'none') === 'none') {
    const phi = times(plusOne(call.add('Erf', [times(x, Math.SQRT1_2)])), 0.5);
    return call.add('Mul', [x, phi]);
  }
  const cube = call.add('Mul', [call.add('Mul', [x, x]), x]);
  const inner = times(call.add('Add', [x, times(cube, 0.044715)]), Math.sqrt(2 / Math.PI));
  return call.add('Mul', [x, times(plusOne(call.add('Tanh', [inner])), 0.5)]);
}

const alongAxis = (op: string) =>
  gives('self dim', (call) => {
    const x = call.tensor('self');
    return call.add(op, [x], { axis: call.axis('dim', call.shape(x).length) });
  });

export const ACTIVATIONS: AtenTable = {
  relu: same('Relu'),
  relu6: gives('self', (call) => clip(call, 0, 6)),
  hardtanh: gives('self min_val max_val', (call) => clip(call, call.number('min_val', -1), call.number('max_val', 1))),
  clamp: gives('self min max', (call) => clip(call, maybe(call, 'min'), maybe(call, 'max'))),
  clamp_min: gives('self min', (call) => clip(call, call.number('min'), undefined)),
  clamp_max: gives('self max', (call) => clip(call, undefined, call.number('max'))),
  leaky_relu: gives('self negative_slope', (call) =>
    call.add('LeakyRelu', [call.tensor('self')], { alpha: call.number('negative_slope', 0.01) }),
  ),
  prelu: gives('self weight', (call) => {
    const [x, weight] = [call.tensor('self'), call.tensor('weight')];
    const slopes = call.shape(weight).reduce((a, b) => a * b, 1);
    const axes = call.shape(x).length - 2;
    const shape = slopes === 1 ? [1] : [slopes, ...new Array<number>(Math.max(0, axes)).fill(1)];
    const broadcast = call.network.reshaped(weight, shape) ?? call.refuse('slopes that are computed');
    return call.add('PRelu', [x, broadcast]);
  }),
  elu: gives('self alpha scale input_scale', (call) => {
    if (call.number('scale', 1) !== 1 || call.number('input_scale', 1) !== 1) call.refuse('scales');
    return call.add('Elu', [call.tensor('self')], { alpha: call.number('alpha', 1) });
  }),
  selu: same('Selu'),
  sigmoid: same('Sigmoid'),
  tanh: same('Tanh'),
  hardsigmoid: gives('self', (call) => call.add('HardSigmoid', [call.tensor('self')], { alpha: 1 / 6, beta: 0.5 })),
  hardswish: same('HardSwish'),
  silu: gives('self', (call) => {
    const x = call.tensor('self');
    return call.add('Mul', [x, call.add('Sigmoid', [x])]);
  }),
  mish: gives('self', (call) => {
    const x = call.tensor('self');
    return call.add('Mul', [x, call.add('Tanh', [call.add('Softplus', [x])])]);
  }),
  softplus: gives('self beta threshold', (call) => {
    if (call.number('beta', 1) !== 1) call.refuse('beta');
    return call.add('Softplus', [call.tensor('self')]);
  }),
  softsign: same('Softsign'),
  gelu: gives('self approximate', gelu),
  softmax: alongAxis('Softmax'),
  _softmax: alongAxis('Softmax'),
  log_softmax: alongAxis('LogSoftmax'),
  _log_softmax: alongAxis('LogSoftmax'),
  exp: same('Exp'),
  log: same('Log'),
  sqrt: same('Sqrt'),
  rsqrt: gives('self', (call) => call.add('Reciprocal', [call.add('Sqrt', [call.tensor('self')])])),
  reciprocal: same('Reciprocal'),
  neg: same('Neg'),
  abs: same('Abs'),
  erf: same('Erf'),
  sin: same('Sin'),
  cos: same('Cos'),
  atan: same('Atan'),
  floor: same('Floor'),
  ceil: same('Ceil'),
  round: same('Round'),
  sign: same('Sign'),
};
