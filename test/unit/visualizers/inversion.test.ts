import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/core/engines/engine.ts';
import { prune } from '../../../src/core/graph/passes.ts';
import { float32, type Tensor } from '../../../src/core/graph/tensor.ts';
import type { ImagesResult } from '../../../src/core/results.ts';
import { Session } from '../../../src/core/session.ts';
import { inversion } from '../../../src/core/visualizers/inversion.ts';
import { arrayOf, ramp, resultOf, tinyNetwork } from './tiny-network.ts';

const tensor = float32(
  ramp(90, 3).map((value) => 128 + 90 * value),
  [1, 3, 6, 5],
);
const invert = async (asked: Parameters<typeof resultOf>[2]) =>
  (await resultOf(inversion, await tinyNetwork(), { tensor, ...asked })) as ImagesResult;
/** The same engine, which has no lanes. */
const withoutLanes = (engine: Engine): Engine => ({
  id: engine.id,
  version: engine.version,
  compile: (...asked) => engine.compile(...asked),
});
const distances = ({ metrics }: ImagesResult) => metrics['distance'] as number[];

describe('inversion', () => {
  it('finds a picture with the code of the image, and says how far off that is', async () => {
    const { relu } = await codes('relu', tensor);
    const result = await invert({ layer: 'relu', params: { steps: 400, smoothness: 0, range: 0 } });
    expect(distances(result)[0]).toBeLessThan(0.01);
    const { relu: found } = await codes('relu', arrayOf(result, 'image'));
    const square = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
    const off = square(relu!.data.map((value, i) => value - found!.data[i]!)) / square(relu!.data);
    expect(distances(result)[0]).toBeCloseTo(off, 5);
  });

  it('comes nearer with more steps, and takes the stages of the network in a row without a layer', async () => {
    const [few, many] = [await invert({ params: { steps: 5 } }), await invert({ params: { steps: 60 } })];
    expect(many.tiles.map(({ label }) => label.split(' ')[0])).toEqual(['conv', 'mix']);
    distances(many).forEach((distance, n) => expect(distance).toBeLessThan(distances(few)[n]!));
    expect(many.metrics['steps']).toBe(60);
    expect(many.metrics['activation']).toEqual(distances(many).map((distance) => -distance));
    (many.metrics['objective'] as number[]).forEach((objective, n) =>
      expect(objective).toBeGreaterThan((few.metrics['objective'] as number[])[n]!),
    );
  });

  it('is smoother the more the total variation counts', async () => {
    const roughness = async (smoothness: number) => {
      const { data } = arrayOf(await invert({ layer: 'mix', params: { steps: 100, smoothness } }), 'image');
      return data.subarray(1).reduce((sum, value, i) => sum + Math.abs(value - data[i]!), 0);
    };
    expect(await roughness(1)).toBeLessThan(0.5 * (await roughness(0)));
  });

  it('gives the same bytes whether stages are taken in lanes or one after the other', async () => {
    const session = await tinyNetwork();
    const alone = new Session(session.model, withoutLanes(session.engine), session.description);
    const [beside, inTurn] = await Promise.all(
      [session, alone].map((one) => resultOf(inversion, one, { tensor, params: { steps: 20 } })),
    );
    expect(alone.engine.lanes).toBeUndefined();
    expect((beside as ImagesResult).rgb).toEqual((inTurn as ImagesResult).rgb);
    expect(distances(beside as ImagesResult)).toEqual(distances(inTurn as ImagesResult));
  });

  it('keeps what is there when it is cancelled', async () => {
    const stop = new AbortController();
    const session = await tinyNetwork();
    const run = session.run.bind(session);
    let runs = 0;
    session.run = (...call) => {
      if (++runs === 40) stop.abort();
      return run(...call);
    };
    const asked = { tensor, params: { steps: 30 }, signal: stop.signal };
    const result = (await resultOf(inversion, session, asked)) as ImagesResult;
    const lengths = result.history!.curves.map(({ y }) => y.length);
    expect(lengths.length).toBeGreaterThan(0);
    expect(lengths.reduce((sum, length) => sum + length)).toBeGreaterThan(30);
    expect(Math.min(...lengths)).toBeLessThan(31);
    expect(result.tiles.length).toBe(lengths.length);
    expect(result.metrics['steps']).toBe(Math.max(...lengths) - 1);
  });

  it('begins where it is told to: at the image it is there', async () => {
    const begun = async (start: string) =>
      (await invert({ layer: 'relu', params: { start, steps: 1, rate: 1e-3 } })).history!.curves[0]!.y[0]!;
    expect(await begun('image')).toBeLessThan(1e-10);
    expect(await begun('zero')).toBeGreaterThan(0.01);
    expect(await begun('mean')).toBeCloseTo(await begun('zero'), 5);
    expect(await begun('noise')).not.toBe(await begun('zero'));
  });
});

async function codes(name: string, image: Tensor<'float32'>): Promise<Record<string, Tensor<'float32'>>> {
  const session = await tinyNetwork();
  return (await session.run(name, () => prune(session.model.graph, [name]), { image })) as never;
}
