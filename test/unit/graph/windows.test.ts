import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';

function convolution(attributes: Readonly<Record<string, readonly number[]>>) {
  const builder = new GraphBuilder();
  const x = builder.input('x', [BATCH, 2, 9, 9]);
  const y = builder.add('Conv', [x, builder.floats('w', new Float32Array(4 * 2 * 9), [4, 2, 3, 3])], attributes);
  return inferShapes(builder.graph([y])).get(y);
}

describe('the window of a convolution', () => {
  it('has a step and a hole for each axis, and padding for both its ends', () => {
    expect(convolution({ kernel_shape: [3, 3], strides: [2, 1], dilations: [1, 2], pads: [1, 0, 1, 2] })).toEqual([
      BATCH,
      4,
      5,
      7,
    ]);
  });

  it.each([
    [{ kernel_shape: [4294967296, 3] }, 'its kernel is said to be 4294967296×3, its weights are 3×3'],
    [{ kernel_shape: [3] }, 'its kernel is said to be 3, its weights are 3×3'],
    [{ strides: [2] }, 'strides 2: 2 whole numbers from 1 were expected'],
    [{ strides: [0, 1] }, 'strides 0, 1: 2 whole numbers from 1 were expected'],
    [{ dilations: [1, -1] }, 'dilations 1, -1: 2 whole numbers from 1 were expected'],
    [{ pads: [1, 1] }, 'pads 1, 1: 4 numbers were expected'],
  ])('%j is refused where the model is opened', (attributes, message) => {
    expect(() => convolution(attributes)).toThrow(message);
    expect(() => convolution(attributes)).toThrow(expect.objectContaining({ kind: 'file' }));
  });
});
