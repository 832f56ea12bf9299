import { elements } from '../tensor.ts';
import { inputShape, number, type OperatorTable } from '../operator.ts';
import { broadcast, perImage, unbroadcast } from './common.ts';
import type { Shape } from '../graph.ts';

const turned = (shape: Shape, transposed: boolean): Shape => (transposed ? [shape[1]!, shape[0]!] : shape);

export const MATRIX: OperatorTable = {
  /** α·A·B + β·C, A and B transposed on demand. */
  Gemm: {
    shape(context) {
      const [rows, inner] = turned(inputShape(context, 0), number(context.node, 'transA', 0) === 1);
      const [inner2, columns] = turned(inputShape(context, 1), number(context.node, 'transB', 0) === 1);
      if (inner !== inner2) throw new Error(`${inner} columns against ${inner2} rows`);
      const result = [rows!, columns!];
      if (context.inputs[2]) broadcast(result, context.inputs[2]);
      return [result];
    },
    flops: (context) => 2 * elements(inputShape(context, 1)) * Math.abs(context.outputs[0]![0]!),
    gradient(context) {
      const { builder, node, gradients, wanted, inputs, outputs } = context;
      if (wanted[1]) throw new Error('no gradient for weights that are computed');
      const b = node.inputs[1]!;
      const transA = number(node, 'transA', 0);
      const transB = number(node, 'transB', 0);
      const alpha = number(node, 'alpha', 1);
      const g = gradients[0]!;
      const gemm = (x: string, y: string, tx: number, ty: number) =>
        builder.add('Gemm', [x, y], { alpha, transA: tx, transB: ty }, `${node.name}/gradient`);
      const beta = builder.scalar(number(node, 'beta', 1));
      return [
        wanted[0] ? (transA ? gemm(b, g, transB, 1) : gemm(g, b, 0, 1 - transB)) : undefined,
        undefined,
        wanted[2] ? unbroadcast(builder, builder.add('Mul', [g, beta]), outputs[0]!, inputs[2]!) : undefined,
      ];
    },
  },
  MatMul: {
    shape(context) {
      const a = inputShape(context, 0);
      const b = inputShape(context, 1);
      if (a.length < 2 || b.length < 2) throw new Error('vectors; matrices were expected');
      if (a.at(-1) !== b.at(-2)) throw new Error(`${a.at(-1)} columns against ${b.at(-2)} rows`);
      return [[...broadcast(a.slice(0, -2), b.slice(0, -2)), a.at(-2)!, b.at(-1)!]];
    },
    flops: (context) => 2 * perImage(context.outputs[0]!) * inputShape(context, 0).at(-1)!,
    gradient(context) {
      const { builder, node, gradients, wanted, outputs } = context;
      const product = (left: string, right: string, leftShape: Shape, rightShape: Shape, to: Shape) => {
        const full = [...broadcast(leftShape.slice(0, -2), rightShape.slice(0, -2)), ...to.slice(-2)];
        return unbroadcast(builder, builder.add('MatMul', [left, right]), full, to);
      };
      const transposed = (tensor: string, shape: Shape) => {
        const axes = shape.map((_, axis) => axis);
        return builder.add('Transpose', [tensor], { perm: [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!] });
      };
      const a = inputShape(context, 0);
      const b = inputShape(context, 1);
      const out = outputs[0]!;
      const g = gradients[0]!;
      return [
        wanted[0] ? product(g, transposed(node.inputs[1]!, b), out, b, a) : undefined,
        wanted[1] ? product(transposed(node.inputs[0]!, a), g, a, out, b) : undefined,
      ];
    },
  },
};
