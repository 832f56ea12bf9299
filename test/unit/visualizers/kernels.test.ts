import { describe, expect, it } from 'vitest';
import { chooseEngine } from '../../../src/core/engines/choose.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { Layer } from '../../../src/core/model.ts';
import { Session } from '../../../src/core/session.ts';
import { kernelsOf } from '../../../src/core/visualizers/kernels.ts';
import { ramp } from './tiny-network.ts';

/** A network of one layer, on an input of 2×3×4; the kernel is `w`. */
async function network(write: (builder: GraphBuilder) => void, kernelShape: readonly number[]) {
  const builder = new GraphBuilder();
  builder.input('x', [BATCH, 2, 3, 4]);
  builder.constant('w', float32(ramp(kernelShape.reduce((a, b) => a * b)), kernelShape));
  write(builder);
  const layer: Layer = { name: 'y', kind: '', output: 'y', before: 'y', after: 'y', nodes: ['y'], weights: ['w'] };
  const model = {
    file: '/y.onnx',
    format: 'onnx',
    sha256: '',
    graph: builder.graph(['y']),
    inputs: [{ name: 'x', shape: [BATCH, 2, 3, 4], layout: 'NCHW' }],
    layers: [layer],
    unknown: [],
    warnings: [],
  } as const;
  const input = { channels: 'RGB', scale: 1, mean: [0], std: [1], resize: 'squash' } as const;
  return kernelsOf(new Session(model, await chooseEngine(), { input, source: 'guess' }), layer);
}

describe('kernelsOf', () => {
  it('turns the kernel of a transposed convolution to O×I×H×W', async () => {
    const { weights, seesInput } = await network(
      (builder) => {
        builder.addNode('ConvTranspose', ['x', 'w'], ['y'], {
          kernel_shape: [2, 2],
          strides: [1, 1],
          pads: [0, 0, 0, 0],
        });
      },
      [2, 5, 2, 2],
    );
    expect(weights.shape).toEqual([5, 2, 2, 2]);
    expect(weights.data[(3 * 2 + 1) * 4 + 2]).toBe(ramp(40)[(1 * 5 + 3) * 4 + 2]);
    expect(seesInput).toBe(true);
  });

  it('turns the matrix of a product to O×I, and knows the map it is for', async () => {
    const { weights, flattened } = await network(
      (builder) => {
        builder.addNode('Reshape', ['x', builder.ints([0, -1])], ['flat']);
        builder.addNode('MatMul', ['flat', 'w'], ['y']);
      },
      [24, 5],
    );
    expect(weights.shape).toEqual([5, 24, 1, 1]);
    expect(weights.data[3 * 24 + 7]).toBe(ramp(120)[7 * 5 + 3]);
    expect(flattened).toMatchObject({ shape: [2, 3, 4], order: 'CHW' });
  });

  it('knows a map that was flattened with its channels last', async () => {
    const { flattened } = await network(
      (builder) => {
        builder.addNode('Transpose', ['x'], ['nhwc'], { perm: [0, 2, 3, 1] });
        builder.addNode('Flatten', ['nhwc'], ['flat'], { axis: 1 });
        builder.addNode('Gemm', ['flat', 'w'], ['y'], { transB: 1 });
      },
      [5, 24],
    );
    expect(flattened).toMatchObject({ shape: [2, 3, 4], order: 'HWC' });
  });

  it('does not take a pooled vector for a map', async () => {
    const { flattened, seesInput } = await network(
      (builder) => {
        builder.addNode('GlobalAveragePool', ['x'], ['pooled']);
        builder.addNode('Flatten', ['pooled'], ['flat'], { axis: 1 });
        builder.addNode('Gemm', ['flat', 'w'], ['y'], { transB: 1 });
      },
      [5, 2],
    );
    expect(flattened?.shape).toEqual([2, 1, 1]);
    expect(seesInput).toBe(false);
  });
});
