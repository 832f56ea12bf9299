import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { receptiveFields } from '../../../src/core/graph/receptive-field.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';

function fieldOf(write: (builder: GraphBuilder, x: string) => string) {
  const builder = new GraphBuilder();
  const x = builder.input('x', [-1, 3, 32, 32]);
  const tensor = write(builder, x);
  const graph = builder.graph([tensor]);
  return receptiveFields(graph, inferShapes(graph)).get(tensor);
}

const conv = (b: GraphBuilder, x: string, channels: number, k: number, attributes = {}) =>
  b.add('Conv', [x, b.floats('w', new Float32Array(4 * channels * k * k), [4, channels, k, k])], attributes);

describe('receptive fields', () => {
  it('grow by the kernel times the stride so far', () => {
    const field = fieldOf((b, x) => {
      const first = conv(b, x, 3, 7, { strides: [2, 2], pads: [3, 3, 3, 3] });
      const pooled = b.add('MaxPool', [first], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
      return conv(b, pooled, 4, 3, { pads: [1, 1, 1, 1] });
    });
    // 7 → 7+2·2 = 11 → 11+2·4 = 19; the beginning of ResNet.
    expect(field).toEqual({ size: [19, 19], stride: [4, 4], start: [-3 - 2 - 4, -3 - 2 - 4] });
  });

  it('unite where branches meet', () => {
    const field = fieldOf((b, x) => {
      const small = conv(b, x, 3, 1);
      const large = conv(b, x, 3, 5, { pads: [2, 2, 2, 2] });
      return b.add('Concat', [small, large], { axis: 1 });
    });
    expect(field).toEqual({ size: [5, 5], stride: [1, 1], start: [-2, -2] });
  });

  it('count the holes of dilated kernels', () => {
    expect(fieldOf((b, x) => conv(b, x, 3, 3, { dilations: [2, 4] }))?.size).toEqual([5, 9]);
  });

  it('are everything behind a flattening or a global pooling', () => {
    const everything = { size: [32, 32], stride: [0, 0], start: [0, 0] };
    expect(fieldOf((b, x) => b.add('GlobalAveragePool', [x]))).toEqual(everything);
    expect(fieldOf((b, x) => b.add('Flatten', [x], { axis: 1 }))).toEqual(everything);
  });
});
