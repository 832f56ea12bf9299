import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { summarize } from '../../../src/core/inspect.ts';
import { openSession } from '../../../src/core/open.ts';
import type { RunRequest } from '../../../src/core/request.ts';
import { runMethod } from '../../../src/core/run.ts';
import { safetensors } from './pytorch/files.ts';
import { write } from './files.ts';

/** Tensors of float32, one after the other. */
function weights(shapes: Readonly<Record<string, readonly number[]>>): Uint8Array {
  let at = 0;
  return safetensors(
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const begin = at;
        at += 4 * shape.reduce((n, size) => n * size, 1);
        return [name, { dtype: 'F32', shape, data_offsets: [begin, at] as const }];
      }),
    ),
  );
}

const NET = {
  'features.0.weight': [6, 3, 3, 3],
  'features.0.bias': [6],
  'features.1.weight': [6],
  'features.1.bias': [6],
  'features.1.running_mean': [6],
  'features.1.running_var': [6],
  'features.2.weight': [6, 1, 3, 3],
  'features.10.weight': [4, 6, 1, 1],
  'up.weight': [4, 8, 2, 2],
  'up.bias': [8],
  'tokens.embedding.weight': [20, 4],
  'head.weight': [5, 4],
  'head.bias': [5],
  'norm.weight': [4],
  'norm.bias': [4],
  scale: [1],
} as const;

const file = () => write('model.safetensors', weights(NET));
const run = async (request: Omit<RunRequest, 'model'>) => {
  const path = file();
  const session = await openSession(path);
  const steps = runMethod(session, { ...request, model: path }, new AbortController().signal);
  for (let step = await steps.next(); ; step = await steps.next()) if (step.done) return step.value.result;
};

describe('a file with weights alone', () => {
  it('has a layer for each module, of the kind that its weights show', async () => {
    const { layers } = await openModel(file());
    expect(layers.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'features.0: Conv2d',
      'features.1: BatchNorm',
      'features.2: Conv2d',
      'features.10: Conv2d',
      'head: Linear',
      'norm: Norm',
      'scale: Parameter',
      'tokens.embedding: Embedding',
      'up: ConvTranspose2d',
    ]);
    expect(layers[0]!.weights).toEqual(['features.0.weight', 'features.0.bias']);
  });

  it('is told of with its parameters and filters; nothing of it can be run', async () => {
    const session = await openSession(file());
    const summary = summarize(session);
    const layer = (name: string) => summary.layers.find((one) => one.name === name)!;
    expect(summary.parameters).toBe(
      Object.values(NET).reduce((sum, shape) => sum + shape.reduce<number>((n, size) => n * size, 1), 0),
    );
    expect(summary.layers.every(({ runnable, shape, inputs }) => !runnable && !shape && inputs.length === 0)).toBe(
      true,
    );
    expect(layer('features.0')).toMatchObject({
      hasFilters: true,
      parameters: 168,
      attributes: { kernel_shape: [3, 3] },
    });
    expect(layer('features.2').attributes).toEqual({ kernel_shape: [3, 3], group: 6 });
    expect(layer('features.1').hasFilters).toBe(false);
    expect(summary.outputs).toEqual([]);
    expect(summary.classes).toBeUndefined();
  });

  it('says in one line what is missing and how to export it', async () => {
    expect((await openModel(file())).warnings).toEqual([
      "The file has weights alone, not the network's graph; its filters can be shown. To see all, export ONNX in Python: " +
        'import torch; from safetensors.torch import load_file; ' +
        "model.load_state_dict(load_file('model.safetensors')); model.eval(); " +
        "torch.onnx.export(model, torch.zeros(1, 3, 224, 224), 'model.onnx')",
    ]);
  });

  it('shows filters: in colour where they see three channels', async () => {
    expect(await run({ method: 'filters', layer: 'features.0' })).toMatchObject({
      kind: 'images',
      width: 3,
      height: 3,
    });
    expect(await run({ method: 'filters', layer: 'features.10', unit: '1-2' })).toMatchObject({ kind: 'mosaic' });
    expect(await run({ method: 'filters', layer: 'head' })).toMatchObject({ metrics: { filters: 5, inputs: 4 } });
    expect(await run({ method: 'filters', layer: 'up' })).toMatchObject({ metrics: { filters: 8, inputs: 4 } });
  });

  it.each<[Omit<RunRequest, 'model'>, string]>([
    [{ method: 'activation-maximisation', layer: 'features.0' }, "Layer 'features.0'"],
    [{ method: 'saliency', image: { path: 'zebra.jpg' } }, 'The model'],
    [{ method: 'activations', layer: 'features.0', image: { path: 'zebra.jpg' } }, 'The model'],
    [{ method: 'predictions', image: { path: 'zebra.jpg' } }, 'The model'],
  ])('refuses what would run it: %j', async (request, what) => {
    await expect(run(request)).rejects.toMatchObject({ name: 'LayerscopeError', kind: 'usage' });
    await expect(run(request)).rejects.toThrow(
      new RegExp(`^${what} can't be run: the file has weights alone, not the network's graph; .*torch.onnx.export`),
    );
  });

  it('reads half precision as it is', async () => {
    const values = Uint16Array.of(0x3c00, 0xc000, 0x3800, 0x0001);
    const entry = { dtype: 'F16', shape: [2, 2], data_offsets: [0, 8] } as const;
    const brain = { dtype: 'BF16', shape: [1], data_offsets: [8, 10] } as const;
    const all = Uint8Array.of(...new Uint8Array(values.buffer), 0xc0, 0x3f);
    const { graph } = await openModel(write('model.safetensors', safetensors({ 'a.weight': entry, b: brain }, all)));
    expect([...graph.constants.get('a.weight')!.data]).toEqual([1, -2, 0.5, 2 ** -24]);
    expect([...graph.constants.get('b')!.data]).toEqual([1.5]);
  });

  it('may be several files with an index', async () => {
    const index = JSON.stringify({ weight_map: { 'a.weight': 'one.safetensors', 'b.weight': 'two.safetensors' } });
    const path = write('model.safetensors.index.json', index, {
      'one.safetensors': weights({ 'a.weight': [2, 3, 3, 3] }),
      'two.safetensors': weights({ 'b.weight': [4, 2] }),
    });
    const { layers, warnings } = await openModel(path);
    expect(layers.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(warnings[0]).toContain("load_file('one.safetensors'), strict=False");
  });
});

describe("a list of TensorFlow.js's weights without a network", () => {
  const shapes: Readonly<Record<string, readonly number[]>> = {
    'conv0/filters': [1, 1, 2, 3],
    'conv0/bias': [3],
    'conv1/depthwise_filter': [1, 1, 3, 1],
    'conv1/pointwise_filter': [1, 1, 3, 2],
    'conv1/scale/weights': [3],
    'fc/weights': [2, 2],
  };
  const sizes = Object.values(shapes).map((shape) => shape.reduce((n, size) => n * size, 1));
  const values = Float32Array.from({ length: sizes.reduce((n, size) => n + size, 0) }, (_, i) => i);
  const manifest = [
    {
      weights: Object.entries(shapes).map(([name, shape]) => ({ name, shape, dtype: 'float32' })),
      paths: ['face-shard1'],
    },
  ];

  it('has their filters, as the graph would take them', async () => {
    const shard = { 'face-shard1': new Uint8Array(values.buffer) };
    const path = write('face-weights_manifest.json', Buffer.from(JSON.stringify(manifest)), shard);
    const { layers, graph, warnings } = await openModel(path);
    expect(layers.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'conv0: Conv2D',
      'conv1: SeparableConv2D',
      'conv1/scale: Layer',
      'fc: Dense',
    ]);
    const filters = graph.constants.get('conv0/filters')!;
    expect([filters.shape, [...filters.data]]).toEqual([
      [3, 2, 1, 1],
      [0, 3, 1, 4, 2, 5],
    ]);
    expect([...graph.constants.get('conv1/scale/weights')!.data]).toEqual([18, 19, 20]);
    expect(warnings).toEqual([
      'The file lists weights alone, not the network; their filters can be shown. ' +
        "To see all, save the whole model in TensorFlow.js: await model.save('downloads://face')",
    ]);
  });
});
