import { describe, expect, it } from 'vitest';
import { summarize } from '../../../src/core/inspect.ts';
import { openSession } from '../../../src/core/open.ts';
import { Session } from '../../../src/core/session.ts';
import { tinyNetwork } from '../visualizers/tiny-network.ts';

describe('summarize', () => {
  it('tells a layer’s shape, parameters, cost, receptive field and where its input comes from', async () => {
    const { layers, ...model } = summarize(await tinyNetwork());
    expect(layers.map(({ name, inputs }) => [name, ...inputs])).toEqual([
      ['image'],
      ['conv', 'image'],
      ['relu', 'conv'],
      ['mix', 'relu'],
      ['flatten', 'mix'],
      ['dense', 'flatten'],
      ['softmax', 'dense'],
    ]);
    expect(layers[1]).toMatchObject({
      kind: 'Conv',
      shape: [4, 4, 3],
      parameters: 108,
      flops: 2 * 108 * 12,
      receptiveField: { size: [3, 3], stride: [1, 1] },
      attributes: { kernel_shape: [3, 3], strides: [1, 1] },
      hasFilters: true,
      runnable: true,
    });
    expect(layers.filter(({ hasFilters }) => hasFilters).map(({ name }) => name)).toEqual(['conv', 'mix', 'dense']);
    expect(layers[5]).toMatchObject({ shape: [3], receptiveField: { size: [6, 5] } });
    expect(model).toMatchObject({
      parameters: 108 + 8 + 72,
      classes: 3,
      outputs: ['softmax'],
      inputs: [{ name: 'image', shape: [3, 6, 5], layout: 'NCHW' }],
      engine: 'onnxruntime',
    });
  });

  it('names operators that are not known, a line for each kind', async () => {
    const { model, engine, description } = await tinyNetwork();
    const nodes = [
      ['PriorBox', 'a'],
      ['Detect', 'b'],
      ['PriorBox', 'c'],
    ] as const;
    const unknown = nodes.map(([op, node]) => ({ op, node }));
    const rest = "is not known: what depends on it can't be run; its structure and filters are shown.";
    expect(summarize(new Session({ ...model, unknown }, engine, description)).warnings).toEqual([
      `The operator PriorBox of 2 nodes, the first 'a', ${rest}`,
      `The operator Detect of node 'b' ${rest}`,
    ]);
  });

  it('is plain data', async () => {
    const summary = summarize(await openSession('media/samples/digits.h5'));
    expect(structuredClone(summary)).toEqual(summary);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });
});
