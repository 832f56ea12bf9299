import { describe, expect, it } from 'vitest';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { differentiate } from '../../../src/core/graph/autodiff.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { prune } from '../../../src/core/graph/passes.ts';
import { redirectedReluRule } from '../../../src/core/graph/rules/index.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { float32, int64 } from '../../../src/core/graph/tensor.ts';
import { once } from '../../support/agreement.ts';
import { backward } from '../../support/backward.ts';

describe('autodiff', () => {
  it('gives max-pool gradients to the first of equal values in row-major order', async () => {
    const x = float32([5, 5, 1, 5, 5, 1, 0, 0, 0], [1, 1, 3, 3]);
    const pool = (b: GraphBuilder, name: string) => b.add('MaxPool', [name], { kernel_shape: [2, 2], strides: [1, 1] });
    // Windows at (0,0), (0,1), (1,0), (1,1): their first largest values are positions 0, 1, 3, 4.
    expect(await backward(pool, x)).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 0]);
  });

  it('adds up what overlapping windows send to one value', async () => {
    const x = float32([0, 0, 0, 0, 9, 0, 0, 0, 0], [1, 1, 3, 3]);
    const pool = (b: GraphBuilder, name: string) => b.add('MaxPool', [name], { kernel_shape: [2, 2], strides: [1, 1] });
    expect(await backward(pool, x)).toEqual([0, 0, 0, 0, 4, 0, 0, 0, 0]);
  });

  it('is zero at the kink of a ReLU and at both bounds of a ReLU6', async () => {
    expect(await backward((b, x) => b.add('Relu', [x]), float32([-1, 0, 1], [1, 3]))).toEqual([0, 0, 1]);
    const relu6 = (b: GraphBuilder, x: string) => b.add('Clip', [x, b.scalar(0), b.scalar(6)]);
    expect(await backward(relu6, float32([-1, 0, 3, 6, 7], [1, 5]))).toEqual([0, 0, 1, 0, 0]);
  });

  it('adds the gradients of branches that meet', async () => {
    const branches = (b: GraphBuilder, x: string) =>
      b.add('Add', [b.add('Mul', [x, x]), b.add('Mul', [x, b.scalar(3)])]);
    expect(await backward(branches, float32([2, -1], [1, 2]))).toEqual([7, 1]);
  });

  it('adds what a max-pool sends back to what else takes its input, before it and behind it', async () => {
    const branches = (b: GraphBuilder, x: string) => {
      const square = b.add('Mul', [x, x]);
      const pooled = b.add('MaxPool', [x], { kernel_shape: [2, 2], strides: [1, 1] });
      const sums = [square, pooled, b.add('Mul', [x, b.scalar(3)])].map((one) => b.add('ReduceSum', [one]));
      return sums.reduce((sum, one) => b.add('Add', [sum, one]));
    };
    const x = float32([1, 2, 0, 0, 9, 4, 5, 0, 3], [1, 1, 3, 3]);
    // All four windows hold the 9: 2x + 3, and 4 there.
    expect(await backward(branches, x)).toEqual([5, 7, 3, 3, 25, 11, 13, 3, 9]);
  });

  it('writes gradients of several tensors with one builder', async () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [-1, 1, 2, 2]);
    const pooled = builder.add('MaxPool', [x], { kernel_shape: [2, 2] });
    const squared = builder.add('Mul', [x, x]);
    const shapes = inferShapes(builder.graph());
    const found = [pooled, squared].map((of) => differentiate(builder, shapes, of, [x]).get(x)!);
    const input = float32([1, 4, 2, 3], [1, 1, 2, 2]);
    const results = await once(await createOnnxRuntime(), prune(builder.graph(), found), { x: input });
    expect(found.map((name) => Array.from(results[name]!.data, Number))).toEqual([
      [0, 1, 0, 0],
      [2, 8, 4, 6],
    ]);
  });

  it('says which node has no gradient', async () => {
    const scattered = (b: GraphBuilder, x: string) => {
      const [places, values] = [b.constant('places', int64([0], [1, 1])), b.floats('values', [1], [1, 1])];
      return b.add('ScatterElements', [x, places, values], { axis: 1 });
    };
    await expect(backward(scattered, float32([1], [1, 1]))).rejects.toThrow(
      "ScatterElements 'ScatterElements' has no gradient: choose a layer before it.",
    );
  });

  it('says which node is unknown', async () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [-1, 2]);
    const y = builder.add('Swoosh', [x], {}, 'block/swoosh');
    expect(() => differentiate(builder, inferShapes(builder.graph()), y, [x])).toThrow(
      "Swoosh 'block/swoosh' is not known: choose a layer before it.",
    );
  });

  it('redirects the gradient through ReLUs only in images for which it would end everywhere', async () => {
    const weighted = (b: GraphBuilder, x: string) => b.add('Mul', [b.add('Relu', [x]), b.floats('w', [1, -1], [2])]);
    const x = float32([-1, -1, -1, 1], [2, 2]);
    // First image: all dead, so the gradient [1, −1] passes, but for what pushes a dead unit down. Second: as usual.
    expect(await backward(weighted, x, redirectedReluRule)).toEqual([1, 0, 0, -1]);
    expect(await backward(weighted, x)).toEqual([0, 0, 0, -1]);
  });

  it('redirects at both bounds of a ReLU6', async () => {
    const weights = [1, -1, 1, -1];
    const weighted = (b: GraphBuilder, x: string) =>
      b.add('Mul', [b.add('Clip', [x, b.scalar(0), b.scalar(6)]), b.floats('w', weights, [4])]);
    // Below 0: only what lifts passes. Above 6: only what lowers.
    expect(await backward(weighted, float32([-1, -1, 7, 7], [1, 4]), redirectedReluRule)).toEqual([1, 0, 0, -1]);
  });
});
