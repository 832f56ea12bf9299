import { describe, expect, it } from 'vitest';
import { liveFrame } from '../../../src/core/live/frame.ts';
import { classify } from '../../../src/core/classify.ts';
import { activations } from '../../../src/core/visualizers/activations.ts';
import { runMethod } from '../../../src/core/run.ts';
import type { MosaicResult } from '../../../src/core/results.ts';
import { tinyNetwork } from '../visualizers/tiny-network.ts';

const frame = {
  name: 'frame',
  width: 10,
  height: 12,
  rgba: Uint8Array.from({ length: 480 }, (_, i) => (i * 89) % 256),
};
const { signal } = new AbortController();

describe('a live frame', () => {
  it('is the layer after its activation function, a byte a value, with the classes of the same pass', async () => {
    const session = await tinyNetwork();
    const answer = await liveFrame(session, 'conv', frame, signal);
    const run = runMethod(
      session,
      { method: activations.id, model: '', layer: 'conv', image: frame, params: { stage: 'after' } },
      signal,
    );
    let step = await run.next();
    while (!step.done) step = await run.next();
    const whole = step.value.result as MosaicResult;
    expect(answer).toMatchObject({ units: 4, width: 3, height: 4 });
    whole.tiles.forEach(({ max, mean }, unit) => {
      expect(answer.highs[unit]).toBeCloseTo(max, 3);
      expect(answer.lows[unit]).toBe(0);
      expect(answer.means[unit]).toBeCloseTo(mean, 3);
      for (let i = unit * 12; i < (unit + 1) * 12; i++)
        expect(Math.abs(answer.tiles[i]! - (max > 0 ? (255 * whole.values[i]!) / max : 0))).toBeLessThanOrEqual(0.51);
    });
    const { top } = await classify(session, frame, signal);
    expect(answer.top.map(({ label }) => label)).toEqual(top.map(({ label }) => label));
    answer.top.forEach(({ probability }, i) => expect(probability).toBeCloseTo(top[i]!.probability, 5));
  });

  it('runs the network once for both', async () => {
    const session = await tinyNetwork();
    let runs = 0;
    const { run } = session;
    session.run = (...args) => (runs++, run.apply(session, args));
    await liveFrame(session, 'relu', frame, signal);
    expect(runs).toBe(1);
  });

  it('of the input is the input; a layer that is not there is said', async () => {
    const session = await tinyNetwork();
    expect(await liveFrame(session, 'image', frame, signal)).toMatchObject({ units: 3, width: 5, height: 6 });
    await expect(liveFrame(session, 'cnov', frame, signal)).rejects.toThrow("'conv'");
  });

  it('is not made when it is not wanted any more', async () => {
    const gone = new AbortController();
    gone.abort();
    await expect(liveFrame(await tinyNetwork(), 'conv', frame, gone.signal)).rejects.toThrow('Cancelled');
  });
});
