import { describe, expect, it } from 'vitest';
import { prune } from '../../../src/core/graph/passes.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { channel } from '../../../src/core/optimization/objectives.ts';
import { valueProgram } from '../../../src/core/optimization/program.ts';
import { splitProgram } from '../../../src/core/occlusion/split.ts';
import { placeWindows, type Border } from '../../../src/core/occlusion/windows.ts';
import { occlusion } from '../../../src/core/visualizers/occlusion.ts';
import { Network } from '../cam/networks.ts';
import { arrayOf, ramp, resultOf } from '../visualizers/tiny-network.ts';

const [height, width] = [41, 36] as const;
const slide = (size: number, stride: number, pads: readonly number[], more = {}) => ({
  kernel_shape: [size, size],
  strides: [stride, stride],
  pads,
  ...more,
});

/** Strides, paddings that differ by side, branches, and sizes that leave pixels over. */
function network(ceil: 0 | 1): Network {
  const net = new Network([3, height, width])
    .conv('image', 'a', [24, 3, 3, 3])
    .add('Relu', ['a'], 'ra')
    .conv('ra', 'b', [24, 24, 3, 3])
    .add('Relu', ['b'], 'rb')
    .add('MaxPool', ['rb'], 'pool', slide(3, 2, [0, 1, 1, 0], { ceil_mode: ceil }));
  net.builder.constant('c/w', float32(ramp(8 * 24 * 9), [8, 24, 3, 3]));
  return net
    .add('Conv', ['pool', 'c/w'], 'c', slide(3, 2, [1, 0, 0, 1]))
    .conv('c', 'left', [4, 8, 1, 1])
    .conv('c', 'right', [4, 8, 3, 3])
    .add('Concat', ['left', 'right'], 'joined', { axis: 1 })
    .add('AveragePool', ['joined'], 'mean', slide(2, 1, [1, 0, 0, 0]))
    .add('Flatten', ['mean'], 'flat', { axis: 1 });
}

async function sessionOf(ceil: 0 | 1) {
  const net = network(ceil);
  const flat = (await net.session('flat')).shapes.get('flat')![1]!;
  return net
    .dense(
      'flat',
      'classes',
      [0, 1].map((seed) => [...ramp(flat, seed)]),
      [0, 1],
    )
    .session('classes');
}

const image = float32(ramp(3 * height * width, 3), [1, 3, height, width]);

describe('a forward pass in two', () => {
  it.each([
    [0, 5, 4, 'cut'],
    [0, 3, 7, 'drop'],
    [1, 5, 3, 'cut'],
    [1, 8, 8, 'cut'],
    [1, 1, 9, 'cut'],
  ] as const)(
    'gives what the whole gives (ceil %i, window %i, stride %i, %s)',
    async (ceil, window, stride, border) => {
      const session = await sessionOf(ceil);
      const windows = placeWindows(height, width, { window, stride, border: border as Border });
      const program = valueProgram(session.model.graph, channel('classes'), ['classes']);
      const split = splitProgram(program, 'image', windows);
      expect(split!.crop[0]).toBeLessThan(height);

      const params = { window, stride, border, value: 2, overlap: 'sum' };
      const result = await resultOf(occlusion, session, { tensor: image, target: 1, params });
      const score = async (data: Float32Array) => {
        const feeds = { image: float32(data, image.shape) };
        return (await session.run('whole', () => prune(session.model.graph, ['classes']), feeds))['classes']!
          .data[1] as number;
      };
      const whole = await score(image.data);
      const sums = new Float64Array(height * width);
      for (const top of windows.rows)
        for (const left of windows.columns) {
          const inside = (i: number) => {
            const [y, x] = [Math.floor(i / width) % height, i % width];
            return y >= top && y < top + window && x >= left && x < left + window;
          };
          const cost = whole - (await score(image.data.map((value, i) => (inside(i) ? 2 : value))));
          for (let i = 0; i < sums.length; i++) if (inside(i)) sums[i]! += cost;
        }
      const largest = Math.max(...sums.map(Math.abs));
      const found = arrayOf(result, 'map').data;
      found.forEach((value, i) => expect(Math.abs(value - sums[i]!)).toBeLessThan(1e-5 * largest));
      expect(largest).toBeGreaterThan(0.1);
    },
  );

  it('is not made where a window sees all, or a layer treats places differently', async () => {
    const session = await sessionOf(0);
    const program = valueProgram(session.model.graph, channel('classes'));
    expect(
      splitProgram(program, 'image', placeWindows(height, width, { window: 41, stride: 0, border: 'cut' })),
    ).toBeUndefined();
    const net = new Network([3, height, width]);
    net.builder.constant('places', float32(ramp(height * width), [1, 1, height, width]));
    net
      .add('Mul', ['image', 'places'], 'weighed')
      .conv('weighed', 'a', [24, 3, 3, 3])
      .conv('a', 'b', [24, 24, 3, 3])
      .add('GlobalAveragePool', ['b'], 'pool');
    const uneven = valueProgram(net.graph('pool'), channel('pool'));
    expect(
      splitProgram(uneven, 'image', placeWindows(height, width, { window: 4, stride: 4, border: 'cut' })),
    ).toBeUndefined();
  });
});
