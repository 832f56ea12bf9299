import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../../src/core/open.ts';
import type { RunRequest } from '../../../src/core/request.ts';
import type { HeatmapResult, Result } from '../../../src/core/results.ts';
import { runMethod } from '../../../src/core/run.ts';
import type { Session } from '../../../src/core/session.ts';
import { hasShared, needsShared, photo, SQUEEZENET } from '../../support/shared.ts';

/**
 * `IntegratedGradients(net).attribute(x, target=k, n_steps=50, return_convergence_delta=True)` of captum 0.9 on the same
 * weights (test/captum/network.py); x by Pillow: the middle square `.resize((227, 227), BILINEAR)`, BGR less (104, 117, 123).
 */
const CAPTUM_DELTA = { zebra: -0.13473, swan: 0.05407 };
const SCORE = { zebra: 21.39446, swan: 12.42301 };

describe.skipIf(!hasShared)(`attributions on SqueezeNet${needsShared}`, () => {
  let session: Session;

  beforeAll(async () => {
    session = await openSession(SQUEEZENET, { engine: 'onnxruntime' });
  });
  afterAll(() => session.dispose());

  async function run(
    method: string,
    name: keyof typeof CAPTUM_DELTA,
    asked: Partial<RunRequest> = {},
  ): Promise<Result> {
    const request = { method, model: SQUEEZENET, image: { path: photo(`${name}.jpg`) }, ...asked };
    const steps = runMethod(session, request, new AbortController().signal);
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value.result;
    }
  }
  const attribution = ({ arrays }: Result) => arrays['attribution']!.data as Float32Array;
  const first = ({ metrics }: Result, name: string) => (metrics[name] as number[])[0]!;

  it.each(['zebra', 'swan'] as const)(
    'integrated gradients of %s miss the score by as much as captum',
    async (name) => {
      const result = await run('integrated-gradients', name);
      expect(first(result, 'delta')).toBeCloseTo(CAPTUM_DELTA[name], 4);
      expect(first(result, 'score')).toBeCloseTo(SCORE[name], 4);
      expect(result.notes[0]).toMatch(/0\.63 % off\.$|0\.44 % off\.$/);
    },
  );

  it('the miss shrinks with the steps', async () => {
    const miss = async (steps: number) => {
      const params = { steps, quadrature: 'riemann-left' };
      return Math.abs(first(await run('integrated-gradients', 'swan', { params }), 'delta'));
    };
    expect(await miss(40)).toBeLessThan((await miss(4)) / 3);
  });

  it('LRP z⁺ keeps all of the score; ε keeps what biases do not', async () => {
    const kept = await run('lrp', 'zebra', { params: { rule: 'z-plus' } });
    expect(first(kept, 'relevance') / first(kept, 'score')).toBeCloseTo(1, 3);
    const most = await run('lrp', 'zebra');
    expect(first(most, 'relevance') / first(most, 'score')).toBeGreaterThan(0.8);
    expect(first(most, 'relevance') / first(most, 'score')).toBeLessThan(1);
  });

  it('DeconvNet from a class is zero: it says so, and the unit that it names is not', async () => {
    const empty = await run('deconvnet', 'swan');
    expect(attribution(empty).every((value) => value === 0)).toBe(true);
    const [, layer, unit] = /choose layer (.+), unit (\d+)\.$/.exec(empty.notes[0]!)!;
    const seen = await run('deconvnet', 'swan', { layer: layer!, unit: unit! });
    expect(attribution(seen).some((value) => value !== 0)).toBe(true);
    expect(seen.notes).toEqual([]);
  });

  it('DeconvNet that sends back stray spots says that they are next to nothing, and draws them so', async () => {
    const stray = (await run('deconvnet', 'zebra')) as HeatmapResult;
    expect(stray.notes[0]).toMatch(/^Next to nothing .* 0\.04 % of what the gradient is.* choose layer/);
    expect(Math.max(...stray.values)).toBeLessThan(stray.least! / 50);
    const guided = (await run('guided-backprop', 'zebra')) as HeatmapResult;
    expect([guided.notes, guided.least]).toEqual([[], undefined]);
  });

  it('one class against another is the difference', async () => {
    const of = async (asked: Partial<RunRequest>) => attribution(await run('gradient-x-input', 'zebra', asked));
    const [zebra, horse] = [await of({ target: 'zebra' }), await of({ target: 'sorrel' })];
    const both = await of({ target: 'zebra', against: 'sorrel' });
    const scale = zebra.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const off = both.reduce((most, value, i) => Math.max(most, Math.abs(value - zebra[i]! + horse[i]!)), 0);
    expect(off).toBeLessThan(1e-3 * scale);
    expect(both.some((value, i) => Math.abs(value - zebra[i]!) > 0.1 * scale)).toBe(true);
  });
});
