import { describe, expect, it } from 'vitest';
import { explanation } from '../../../src/core/attribution/explain.ts';
import { openSession } from '../../../src/core/open.ts';
import type { CurveResult } from '../../../src/core/results.ts';
import { runMethod } from '../../../src/core/run.ts';
import { randomised, spread, weightedLayers } from '../../../src/core/trust/randomise.ts';
import { saliency } from '../../../src/core/visualizers/saliency.ts';
import { trust } from '../../../src/core/visualizers/trust.ts';
import { hasShared, needsShared, photo, SQUEEZENET } from '../../support/shared.ts';
import { resultOf, tinyNetwork } from '../visualizers/tiny-network.ts';

const values = (session: Awaited<ReturnType<typeof tinyNetwork>>, name: string) =>
  session.model.graph.constants.get(name)!.data as Float32Array;

describe('randomised', () => {
  it('goes from the top down', async () => {
    const session = await tinyNetwork();
    expect(weightedLayers(session, 'softmax').map(({ name }) => name)).toEqual(['dense', 'mix', 'conv']);
    expect(weightedLayers(session, 'mix').map(({ name }) => name)).toEqual(['mix', 'conv']);
  });

  it('draws the kernels of the chosen layers anew, on their scale, and leaves the others', async () => {
    const session = await tinyNetwork();
    const other = randomised(session, weightedLayers(session, 'softmax').slice(0, 1), 0);
    expect(values(other, 'conv/w')).toBe(values(session, 'conv/w'));
    const [old, drawn] = [values(session, 'dense/w'), values(other, 'dense/w')];
    expect(drawn).not.toEqual(old);
    const norm = (array: Float32Array) => Math.hypot(...array);
    expect(norm(drawn) / norm(old)).toBeGreaterThan(0.7);
    expect(norm(drawn) / norm(old)).toBeLessThan(1.4);
  });

  it('depends on the seed and the draw, not on what else is random', async () => {
    const session = await tinyNetwork();
    const [dense, mix] = weightedLayers(session, 'softmax');
    const of = (layers: Parameters<typeof randomised>[1], seed: number, draw = 0) =>
      values(randomised(session, layers, seed, draw), 'dense/w');
    expect(of([dense!], 3)).toEqual(of([dense!, mix!], 3));
    expect(of([dense!], 3)).not.toEqual(of([dense!], 4));
    expect(of([dense!], 3)).not.toEqual(of([dense!], 3, 1));
  });

  it('stops at most so often, at the first and the last always', () => {
    expect(spread([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([1, 4, 7]);
    expect(spread([1, 2], 6)).toEqual([1, 2]);
    expect(spread([1, 2, 3], 1)).toEqual([1]);
  });
});

describe('parameter randomisation', () => {
  it('begins with the map itself, and names how far down the weights are random', async () => {
    const result = await resultOf(trust, await tinyNetwork(), { params: { metrics: 'randomisation' } });
    const { places, series } = result as CurveResult;
    expect(places).toEqual(['nothing', 'dense', 'mix', 'conv']);
    expect(series.map(({ name, y }) => [name, y[0], y.length])).toEqual([
      ['rank correlation', 1, 4],
      ['SSIM', 1, 4],
    ]);
    expect(result.metrics['rank-correlation']).toEqual(Array.from(series[0]!.y));
  });

  it('is not there for a map that only the first layer makes', async () => {
    // A convolution's gradient is its kernel: nothing above it is asked about.
    const session = await tinyNetwork();
    const units = [{ channel: 1, position: { y: 1, x: 1 } }];
    const asked = { layer: 'conv', units, params: { metrics: 'randomisation' } };
    expect(((await resultOf(trust, session, asked)) as CurveResult).places).toEqual(['nothing', 'conv']);
  });

  it.skipIf(!hasShared)(
    `finds what Adebayo 2018 found: gradient and Grad-CAM change, guided backprop hardly does${needsShared}`,
    { timeout: 120_000 },
    async () => {
      const session = await openSession(SQUEEZENET, {}, {});
      try {
        for (const name of ['zebra.jpg', 'doberman.png']) {
          const top = async (of: string): Promise<number> => {
            const params = { of, metrics: 'randomisation', stops: 1 };
            const request = { method: 'trust', model: SQUEEZENET, image: { path: photo(name) }, params };
            const steps = runMethod(session, request, new AbortController().signal);
            for (;;) {
              const step = await steps.next();
              if (step.done) return (step.value.result.metrics['rank-correlation'] as number[])[1]!;
            }
          };
          const [gradient, gradCam, guided] = [
            await top('saliency'),
            await top('grad-cam'),
            await top('guided-backprop'),
          ];
          expect(guided).toBeGreaterThan(0.65);
          expect(gradient).toBeLessThan(0.5);
          expect(gradCam).toBeLessThan(0.5);
        }
      } finally {
        await session.dispose();
      }
    },
  );
});

describe('explanation', () => {
  it('refuses a unit where the method explains classes alone', async () => {
    const classesOnly = { ...saliency, needs: ['image', 'class'] as const };
    const context = { units: [{ channel: 0 }] } as unknown as Parameters<typeof explanation>[0];
    await expect(explanation(context, classesOnly)).rejects.toThrow('explains classes, not units');
  });
});
