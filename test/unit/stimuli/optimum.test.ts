import { describe, expect, it } from 'vitest';
import type { ImagesResult } from '../../../src/core/results.ts';
import { classModel } from '../../../src/core/visualizers/class-model.ts';
import { normBall } from '../../../src/core/visualizers/norm-ball.ts';
import type { Visualizer } from '../../../src/core/visualizers/visualizer.ts';
import { arrayOf, ramp, resultOf, tinyNetwork } from '../visualizers/tiny-network.ts';

const session = await tinyNetwork();
const UNIT = { channel: 1, position: { y: 2, x: 1 } } as const;

/** The kernel of a position of `conv`, where it lies on the input. */
function kernelInPlace(): Float32Array {
  const kernel = ramp(4 * 27).subarray(UNIT.channel * 27, (UNIT.channel + 1) * 27);
  const found = new Float32Array(3 * 6 * 5);
  kernel.forEach((weight, tap) => {
    const [c, y, x] = [Math.floor(tap / 9), Math.floor(tap / 3) % 3, tap % 3];
    found[c * 30 + (y + UNIT.position.y) * 5 + x + UNIT.position.x] = weight;
  });
  return found;
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (p: Float32Array, q: Float32Array) => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('a unit that is linear in its input: the optimum is its weights', () => {
  it.each<[string, Visualizer]>([
    ['norm ball: ρ w / ‖w‖, from every start', normBall],
    ['class model: w / 2λ', classModel],
  ])('%s', async (_, method) => {
    const result = await resultOf(method, session, { layer: 'conv', units: [UNIT] });
    const { data, shape } = arrayOf(result as ImagesResult, 'image');
    expect(shape).toEqual([method === normBall ? 9 : 1, 3, 6, 5]);
    for (let n = 0; n < shape[0]!; n++) {
      const own = data.subarray(n * 90, (n + 1) * 90).map((value) => value - 127.5);
      expect(cosine(own, kernelInPlace())).toBeGreaterThan(0.9999);
    }
  });
});
