import { type Call, type LayerBuilder, UnknownSetting } from '../call.ts';

/** ONNX's number of the type float32, for `Cast`. */
export const FLOAT = 1;

const node =
  (op: string): LayerBuilder =>
  (call) => [call.add(op, [call.input])];

const relu: LayerBuilder = (call) => {
  const alpha = call.param('relu_param').number('negative_slope', 0);
  return [alpha === 0 ? call.add('Relu', [call.input]) : call.add('LeakyRelu', [call.input], { alpha })];
};

/** One slope for each channel, or one for all. */
const prelu: LayerBuilder = (call) => {
  const shape = call.shape();
  const all = call.param('prelu_param').flag('channel_shared', false);
  const slope = call.weight(0, 'slope', all ? [1] : [shape[1] ?? 0, ...shape.slice(2).map(() => 1)]);
  return [call.add('PRelu', [call.input, slope])];
};

const softmax: LayerBuilder = (call) => [
  call.add('Softmax', [call.input], { axis: call.axis(call.param('softmax_param').number('axis', 1)) }),
];

/** A step of a layer on what the steps before it made; `part` names its node. */
type Step = (x: string, part: string) => string;

/** The steps one after the other; the last one's node is called as the layer. With none, an identity. */
function chain(call: Call, steps: readonly Step[]): readonly string[] {
  if (steps.length === 0) return [call.add('Identity', [call.input])];
  let x = call.input;
  steps.forEach((step, i) => {
    x = step(x, i === steps.length - 1 ? '' : `step${i + 1}`);
  });
  return [x];
}

const times = (call: Call, value: number): Step[] =>
  value === 1 ? [] : [(x, part) => call.add('Mul', [x, call.scalar(value)], {}, part)];
const plus = (call: Call, value: number): Step[] =>
  value === 0 ? [] : [(x, part) => call.add('Add', [x, call.scalar(value)], {}, part)];
const apply =
  (call: Call, op: string): Step =>
  (x, part) =>
    call.add(op, [x], {}, part);

/** (shift + scale · x)^power */
const power: LayerBuilder = (call) => {
  const param = call.param('power_param');
  const exponent = param.number('power', 1);
  const steps = [...times(call, param.number('scale', 1)), ...plus(call, param.number('shift', 0))];
  if (exponent !== 1) steps.push((x, part) => call.add('Pow', [x, call.scalar(exponent)], {}, part));
  return chain(call, steps);
};

/** ln(base); −1 stands for e. */
function logOfBase(call: Call, base: number): number {
  if (base === -1) return 1;
  if (!(base > 0)) throw call.wrong(`base ${base}; a number above zero was expected`);
  return Math.log(base);
}

/** base^(shift + scale · x) */
const exp: LayerBuilder = (call) => {
  const param = call.param('exp_param');
  const log = logOfBase(call, param.number('base', -1));
  const affine = [...times(call, param.number('scale', 1) * log), ...plus(call, param.number('shift', 0) * log)];
  return chain(call, [...affine, apply(call, 'Exp')]);
};

/** log_base(shift + scale · x) */
const log: LayerBuilder = (call) => {
  const param = call.param('log_param');
  const affine = [...times(call, param.number('scale', 1)), ...plus(call, param.number('shift', 0))];
  return chain(call, [...affine, apply(call, 'Log'), ...times(call, 1 / logOfBase(call, param.number('base', -1)))]);
};

/** 1 where x is above the threshold, else 0. */
const threshold: LayerBuilder = (call) => {
  const limit = call.scalar(call.param('threshold_param').number('threshold', 0));
  return [call.add('Cast', [call.add('Greater', [call.input, limit], {}, 'above')], { to: FLOAT })];
};

const clip: LayerBuilder = (call) => {
  const param = call.param('clip_param');
  if (!param.has('min') || !param.has('max')) throw new UnknownSetting('without bounds');
  const bounds = [call.scalar(param.number('min', 0)), call.scalar(param.number('max', 0))];
  return [call.add('Clip', [call.input, ...bounds])];
};

/** x · σ(βx) */
const swish: LayerBuilder = (call) => {
  const beta = call.param('swish_param').number('beta', 1);
  const inner = beta === 1 ? call.input : call.add('Mul', [call.input, call.scalar(beta)], {}, 'inner');
  return [call.add('Mul', [call.input, call.add('Sigmoid', [inner], {}, 'gate')])];
};

export const ACTIVATION_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  ReLU: relu,
  ReLU6: (call) => [call.add('Clip', [call.input, call.scalar(0), call.scalar(6)])],
  PReLU: prelu,
  ELU: (call) => [call.add('Elu', [call.input], { alpha: call.param('elu_param').number('alpha', 1) })],
  Sigmoid: node('Sigmoid'),
  TanH: node('Tanh'),
  BNLL: node('Softplus'),
  Swish: swish,
  Clip: clip,
  AbsVal: node('Abs'),
  Power: power,
  Exp: exp,
  Log: log,
  Threshold: threshold,
  Softmax: softmax,
  Dropout: node('Identity'),
};
