import { describe, expect, it } from 'vitest';
import type { RunRequest } from '../../../src/core/request.ts';
import { runMethod } from '../../../src/core/run.ts';
import { tinyNetwork } from '../visualizers/tiny-network.ts';

const image = { name: 'x', width: 5, height: 6, rgba: new Uint8Array(120).fill(200) };

/** A run on a network with one weight that is changed. */
async function run(weight: string, value: number, request: Omit<RunRequest, 'model'>) {
  const session = await tinyNetwork();
  session.model.graph.constants.get(weight)!.data[5] = value;
  const steps = runMethod(session, { model: '/tiny.onnx', ...request }, new AbortController().signal);
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value.result;
  }
}

describe('a network whose weights are no numbers', () => {
  const METHODS = ['predictions', 'saliency', 'integrated-gradients', 'grad-cam', 'occlusion', 'lrp'];
  it.each(METHODS)('%s says which', async (method) => {
    for (const target of method === 'predictions' ? [undefined] : [undefined, 1]) {
      const found = run('mix/w', NaN, { method, image, ...(target !== undefined && { target }) });
      await expect(found).rejects.toMatchObject({
        kind: 'file',
        message:
          "/tiny.onnx: Layer 'mix' holds values that are no numbers (NaN or infinite): 1 of 8 in 'mix/w'. The file is damaged, or training went astray: take an earlier checkpoint.",
      });
    }
  });

  it('is said of pictures that are climbed', async () => {
    const found = run('conv/w', Infinity, { method: 'class-model', target: 1, params: { steps: 2 } });
    await expect(found).rejects.toThrow("Layer 'conv' holds values that are no numbers (NaN or infinite): 1 of 108");
  });

  it('is shown as it is, and said', async () => {
    const shown = await run('conv/w', NaN, { method: 'activations', layer: 'conv', image });
    expect(shown.notes.at(-1)).toContain("Layer 'conv' holds values that are no numbers");
    const filters = await run('conv/w', NaN, { method: 'filters', layer: 'conv' });
    expect(filters.notes.at(-1)).toContain("Layer 'conv' holds values that are no numbers");
  });

  it('says where values become too large', async () => {
    const found = run('mix/w', 3e38, { method: 'saliency', target: 1, image });
    await expect(found).rejects.toMatchObject({ kind: 'engine' });
    await expect(found).rejects.toThrow("From layer 'mix' on, the values for this input are no numbers any more");
  });

  it('does not disturb what does not look there', async () => {
    const shown = await run('mix/w', NaN, { method: 'activations', layer: 'conv', image });
    expect(shown.notes.join()).not.toContain('no numbers');
    expect(Array.from(shown.arrays['activation']!.data, Number).every(Number.isFinite)).toBe(true);
  });
});
