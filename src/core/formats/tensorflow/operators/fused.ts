import { Unsupported, type OpCall } from '../call.ts';
import { number, texts } from '../node.ts';
import { computed, type Computed } from '../result.ts';
import { aligned, biased, leakyRelu } from './elementwise.ts';

type Step = (call: OpCall, x: string, part: string) => string;

const plain =
  (op: string): Step =>
  (call, x, part) =>
    call.add(op, [x], {}, part);

/** By name in `fused_ops`: the activation functions that follow the product. */
const ACTIVATIONS: Readonly<Record<string, Step>> = {
  Relu: plain('Relu'),
  Relu6: (call, x, part) => call.add('Clip', [x, call.scalar(0), call.scalar(6)], {}, part),
  Elu: plain('Elu'),
  Sigmoid: plain('Sigmoid'),
  Tanh: plain('Tanh'),
  LeakyRelu: leakyRelu,
  _FusedHardSwish: plain('HardSwish'),
};

/**
 * A product with what was fused to it: a bias, a batch norm, an activation function. The last of them is named as the node
 * is. `product` writes the product itself, as a part of that name.
 */
export function fused(call: OpCall, product: (part: string) => Computed): Computed {
  const ops = texts(call.node, 'fused_ops');
  let at = 2;
  const step = (x: Computed, op: string, part: string): Computed => {
    if (op === 'BiasAdd') return biased(call, x, at++, part);
    if (op === 'FusedBatchNorm') {
      const statistics = [0, 1, 2, 3].map((i) => call.weight(at + i, 1));
      at += 4;
      const epsilon = number(call.node, 'epsilon', 1e-4);
      return computed(call.add('BatchNormalization', [x.tensor, ...statistics], { epsilon }, part), x.channelsLast);
    }
    if (op === 'Prelu') {
      const { tensors, channelsLast } = aligned(call, [x, call.input(at++)]);
      return computed(call.add('PRelu', tensors, {}, part), channelsLast);
    }
    if (!Object.hasOwn(ACTIVATIONS, op)) throw new Unsupported(`${op} fused to it`);
    return computed(ACTIVATIONS[op]!(call, x.tensor, part), x.channelsLast);
  };
  const first = product(ops.length > 0 ? 'product' : '');
  const result = ops.reduce((x, op, i) => step(x, op, i < ops.length - 1 ? op : ''), first);
  return first.rows ? { ...result, rows: true } : result;
}
