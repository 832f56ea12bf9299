import { number } from '../../../graph/operator.ts';
import type { DType } from '../../../graph/tensor.ts';
import { tfType } from '../device.ts';
import { input, made, operand, commonLayout, type Kernel, type KernelTable, type Run } from '../kernel.ts';
import * as loops from '../loops.ts';
import { each, zip, type Loop } from '../zip.ts';

/** By TensorFlow's kernel; as it looks at each value alone, any layout will do. */
const kernel =
  (name: string, attributes?: (run: Run) => object): Kernel =>
  (run) => {
    const x = input(run, 0);
    return [made(run, run.device.run(name, { x: x.get(x.layout) }, attributes?.(run)), x.layout, x.dtype)];
  };

const byLoop =
  (loop: (run: Run) => Loop, dtype?: (run: Run) => DType): Kernel =>
  (run) => {
    const x = input(run, 0);
    const type = dtype?.(run) ?? x.dtype;
    return [made(run, zip(run.device, tfType(type), [x.get(x.layout)], loop(run)), x.layout, type)];
  };

/** By a loop of ours. `of` takes the node's parameters first. */
const looped = (of: (run: Run) => (x: number) => number) => byLoop((run) => each(of(run)));

const parameter = (run: Run, name: string, fallback: number) => number(run.node, name, fallback);

/** ONNX's numbers of the types, for `Cast`; what else there is has fractions here. */
const TYPES: Readonly<Record<number, DType>> = { 6: 'int32', 7: 'int64', 9: 'bool' };

const typeOf = (run: Run): DType => TYPES[parameter(run, 'to', 1)] ?? 'float32';

export const UNARY: KernelTable = {
  Relu: kernel('Relu'),
  LeakyRelu: kernel('LeakyRelu', (run) => ({ alpha: parameter(run, 'alpha', 0.01) })),
  ThresholdedRelu: looped((run) => {
    const alpha = parameter(run, 'alpha', 1);
    return (x) => (x > alpha ? x : 0);
  }),
  Elu: looped((run) => {
    const alpha = parameter(run, 'alpha', 1);
    return (x) => (x > 0 ? x : alpha * Math.expm1(x));
  }),
  Selu: looped((run) => {
    const gamma = parameter(run, 'gamma', 1.0507009873554805);
    const alpha = gamma * parameter(run, 'alpha', 1.6732632423543772);
    return (x) => (x > 0 ? gamma * x : alpha * Math.expm1(x));
  }),
  HardSigmoid: looped((run) => {
    const [alpha, beta] = [parameter(run, 'alpha', 0.2), parameter(run, 'beta', 0.5)];
    return (x) => Math.min(Math.max(alpha * x + beta, 0), 1);
  }),
  HardSwish: byLoop(() => loops.hardSwish),
  Softsign: looped(() => (x) => x / (1 + Math.abs(x))),
  Sigmoid: kernel('Sigmoid'),
  Tanh: kernel('Tanh'),
  Softplus: kernel('Softplus'),
  Exp: kernel('Exp'),
  Log: kernel('Log'),
  Sqrt: kernel('Sqrt'),
  Reciprocal: kernel('Reciprocal'),
  Neg: kernel('Neg'),
  Abs: kernel('Abs'),
  Sin: kernel('Sin'),
  Cos: kernel('Cos'),
  Atan: looped(() => Math.atan),
  Erf: kernel('Erf'),
  Sign: kernel('Sign'),
  Floor: kernel('Floor'),
  Ceil: kernel('Ceil'),
  Round: kernel('Round'),
  Not: byLoop(() => loops.not),
  Identity(run) {
    const x = input(run, 0);
    const tensor = x.get(x.layout);
    return [made(run, run.device.reshape(tensor, tensor.shape), x.layout, x.dtype)];
  },

  Cast: byLoop((run) => (typeOf(run) === 'bool' ? loops.truth : loops.copy), typeOf),

  /** Either bound may be missing; both are tensors. */
  Clip(run) {
    const x = input(run, 0);
    const bounds = [1, 2].map((i) => run.inputs[i] && Number(run.inputs[i].host().data[0]));
    const [low = -Infinity, high = Infinity] = bounds;
    return [
      made(
        run,
        run.device.run('ClipByValue', { x: x.get(x.layout) }, { clipValueMin: low, clipValueMax: high }),
        x.layout,
        x.dtype,
      ),
    ];
  },

  /** max(x, 0) + slope·min(x, 0), the slope broadcast. */
  PRelu(run) {
    const [x, slope] = [input(run, 0), input(run, 1)];
    const layout = commonLayout([x, slope], x.shape.length);
    const leaky = zip(run.device, 'float32', [operand(x, layout), operand(slope, layout)], loops.leaky);
    return [made(run, leaky, layout)];
  },
};
