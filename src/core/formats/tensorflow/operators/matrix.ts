import { Unsupported, type OpCall } from '../call.ts';
import { flag, number } from '../node.ts';
import { computed, type Computed } from '../result.ts';
import { fused } from './fused.ts';
import { aligned } from './elementwise.ts';
import type { OpTable, OpWriter } from './operator.ts';

function product(call: OpCall, part: string): Computed {
  const rows = call.input(0);
  if (rows.kind === 'computed' && rows.rows) return rowsTimes(call, rows, part);
  const a = call.plain(call.computed(0));
  const b = call.plain(call.computed(1));
  const [transA, transB] = ['transpose_a', 'transpose_b'].map((name) => (flag(call.node, name) ? 1 : 0));
  if (call.shape(a).length !== 2 || call.shape(b).length !== 2) throw new Unsupported('factors that are no matrices');
  return computed(call.add('Gemm', [a.tensor, b.tensor], { transA: transA!, transB: transB! }, part), false);
}

/** Each position's channels times a matrix: of an image, a 1×1 convolution. */
function rowsTimes(call: OpCall, { tensor, channelsLast }: Computed, part: string): Computed {
  const transposed = flag(call.node, 'transpose_b');
  if (flag(call.node, 'transpose_a')) throw new Unsupported('rows of the batch are its columns');
  if (!channelsLast) {
    const matrix = call.weight(1, 2, transposed ? { perm: [1, 0] } : {});
    return { ...computed(call.add('MatMul', [tensor, matrix], {}, part), false), rows: true };
  }
  const kernel = call.weight(1, 2, { perm: transposed ? [0, 1] : [1, 0], shape: ([o, i]) => [o!, i!, 1, 1] });
  return { ...computed(call.add('Conv', [tensor, kernel], { kernel_shape: [1, 1] }, part), true), rows: true };
}

const matMul: OpWriter = (call) => [fused(call, (part) => product(call, part))];

function turned(call: OpCall, x: Computed, adjoint: string): string {
  const plain = call.plain(x);
  if (!flag(call.node, adjoint)) return plain.tensor;
  const axes = call.shape(plain).map((_, axis) => axis);
  return call.add('Transpose', [plain.tensor], { perm: [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!] }, adjoint);
}

const batchProduct: OpWriter = (call) => [
  computed(
    call.add('MatMul', [turned(call, call.computed(0), 'adj_x'), turned(call, call.computed(1), 'adj_y')]),
    false,
  ),
];

/** Along the last axis. */
const softmax =
  (op: string): OpWriter =>
  (call) => {
    const x = call.computed();
    return [computed(call.add(op, [x.tensor], { axis: call.axis(-1, x) }), x.channelsLast)];
  };

const batchNormalization: OpWriter = (call) => {
  const image = call.image();
  if (flag(call.node, 'is_training', true)) throw new Unsupported('statistics of the batch');
  const statistics = [1, 2, 3, 4].map((index) => call.weight(index, 1));
  const epsilon = number(call.node, 'epsilon', 1e-4);
  return [computed(call.add('BatchNormalization', [image.tensor, ...statistics], { epsilon }), image.channelsLast)];
};

/** x / (bias + α·Σx²)^β over 2r + 1 neighbouring channels; ONNX divides α by their number. */
const lrn: OpWriter = (call) => {
  const image = call.image();
  const size = 2 * number(call.node, 'depth_radius', 5) + 1;
  const attributes = {
    size,
    alpha: number(call.node, 'alpha', 1) * size,
    beta: number(call.node, 'beta', 0.5),
    bias: number(call.node, 'bias', 1),
  };
  return [computed(call.add('LRN', [image.tensor], attributes), image.channelsLast)];
};

const prelu: OpWriter = (call) => {
  const { tensors, channelsLast } = aligned(call, [call.input(0), call.input(1)]);
  return [computed(call.add('PRelu', tensors), channelsLast)];
};

export const MATRIX_OPS: OpTable = {
  MatMul: matMul,
  _FusedMatMul: matMul,
  BatchMatMul: batchProduct,
  BatchMatMulV2: batchProduct,
  Softmax: softmax('Softmax'),
  LogSoftmax: softmax('LogSoftmax'),
  FusedBatchNorm: batchNormalization,
  FusedBatchNormV2: batchNormalization,
  FusedBatchNormV3: batchNormalization,
  LRN: lrn,
  Prelu: prelu,
};
