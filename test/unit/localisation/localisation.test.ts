import { describe, expect, it } from 'vitest';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { random } from '../../../src/core/optimization/random.ts';
import type { BoxesResult } from '../../../src/core/results.ts';
import { coarsePlaces } from '../../../src/core/localisation/coarse.ts';
import { localisation } from '../../../src/core/visualizers/localisation.ts';
import { linearNetwork } from '../trust/linear-network.ts';
import { arrayOf, ramp, resultOf, tinyNetwork } from '../visualizers/tiny-network.ts';

const [WIDTH, HEIGHT] = [64, 48];
type Rectangle = readonly [x0: number, y0: number, x1: number, y1: number];

/** An ellipse of one colour before another, both noisy; and a map that is strong at some of its pixels, and noise elsewhere. */
function scene([x0, y0, x1, y1]: Rectangle, seed: number) {
  const { normal, uniform } = random(seed);
  const inside = (x: number, y: number) =>
    ((x + 0.5 - (x0 + x1) / 2) / ((x1 - x0) / 2)) ** 2 + ((y + 0.5 - (y0 + y1) / 2) / ((y1 - y0) / 2)) ** 2 <= 1;
  const [object, ground] = [
    [0.8, 0.4, 0.2].map((v) => v + 0.1 * normal()),
    [0.2, 0.5, 0.4].map((v) => v + 0.1 * normal()),
  ];
  const area = WIDTH * HEIGHT;
  const image = new Float32Array(3 * area);
  const map = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    const belongs = inside(i % WIDTH, Math.floor(i / WIDTH));
    for (let c = 0; c < 3; c++) image[c * area + i] = (belongs ? object : ground)[c]! + 0.05 * normal();
    map[i] = belongs && uniform() < 0.6 ? 1 + uniform() : 0.5 * uniform();
  }
  return { image: float32(image, [1, 3, HEIGHT, WIDTH]), map };
}

const overlap = (a: Rectangle, b: Rectangle) => {
  const size = ([x0, y0, x1, y1]: Rectangle) => Math.max(0, x1 - x0) * Math.max(0, y1 - y0);
  const both = size([Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]);
  return both / (size(a) + size(b) - both);
};

/** The map is the weights: that is what the gradient of a linear network is. */
const locate = async (map: Float32Array, image: ReturnType<typeof scene>['image'], params = {}) =>
  resultOf(localisation, await linearNetwork(map, [3, HEIGHT, WIDTH]), {
    tensor: image,
    params,
  }) as Promise<BoxesResult>;

describe('maps of few places', () => {
  const places = (...shape: number[]) => ({
    arrays: { cam: float32(new Float32Array(shape[0]! * shape[1]!), [1, ...shape]) },
  });

  it('are those where one place is more of the image than the strongest pixels are to be', () => {
    // A twentieth: fewer than 20 places.
    expect(coarsePlaces('grad-cam', places(4, 4), 0.95)).toEqual([4, 4]);
    expect(coarsePlaces('grad-cam', places(4, 5), 0.95)).toBeUndefined();
    expect(coarsePlaces('grad-cam', places(4, 4), 0.9)).toBeUndefined();
    expect(coarsePlaces('guided-grad-cam', places(4, 4), 0.95)).toBeUndefined();
    expect(coarsePlaces('saliency', { arrays: {} }, 0.95)).toBeUndefined();
  });

  it('are said, with what to do instead', async () => {
    const session = await tinyNetwork();
    const tensor = float32(ramp(90, 3), [1, 3, 6, 5]);
    const notes = async (from: string) =>
      ((await resultOf(localisation, session, { tensor, params: { from } })) as BoxesResult).notes.join();
    expect(await notes('grad-cam')).toMatch(/The map of Grad-CAM has 4 × 3 places, each 8 % .* Choose a lower layer/);
    expect(await notes('gradient-x-input')).not.toContain('places');
  });
});

describe('localisation', () => {
  it.each<Rectangle>([
    [8, 6, 40, 30],
    [30, 10, 60, 44],
    [0, 0, 20, 48],
    [20, 20, 34, 30],
  ])('finds an object in %i, %i to %i, %i', async (...box) => {
    for (let seed = 0; seed < 3; seed++) {
      const { image, map } = scene(box, seed);
      const result = await locate(map, image);
      expect(overlap(result.metrics['box'] as unknown as Rectangle, box)).toBeGreaterThanOrEqual(0.9);
    }
  });

  it('has a mask of the input’s size, whose box it is', async () => {
    const { image, map } = scene([8, 6, 40, 30], 1);
    const result = await locate(map, image);
    const { shape, data, dtype } = arrayOf(result, 'mask');
    expect({ shape, dtype: String(dtype) }).toEqual({ shape: [HEIGHT, WIDTH], dtype: 'int32' });
    expect([...new Set(data)].sort()).toEqual([0, 1]);
    const on = Array.from(data, (value, i) => (value ? i : -1)).filter((i) => i >= 0);
    const [xs, ys] = [on.map((i) => i % WIDTH), on.map((i) => Math.floor(i / WIDTH))];
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
    expect(result.metrics['box']).toEqual(box);
    expect(result.boxes).toEqual([{ x0: box[0], y0: box[1], x1: box[2], y1: box[3], label: 'it' }]);
  });

  it('gives the same answer to the same seed', async () => {
    const { image, map } = scene([8, 6, 40, 30], 2);
    const [a, b] = [await locate(map, image), await locate(map, image)];
    expect(a.mask).toEqual(b.mask);
  });

  it('starts from any map', async () => {
    const { image, map } = scene([8, 6, 40, 30], 0);
    const result = await locate(map, image, { from: 'gradient-x-input' });
    expect(result.title).toContain('by gradient-x-input');
    expect(overlap(result.metrics['box'] as unknown as Rectangle, [8, 6, 40, 30])).toBeGreaterThan(0.8);
  });

  it('says what to do with a map that is the same everywhere', async () => {
    const { image } = scene([8, 6, 40, 30], 0);
    await expect(locate(new Float32Array(3 * WIDTH * HEIGHT), image)).rejects.toThrow(/tells no part.*--set from=NAME/);
  });
});
