import { describe, expect, it } from 'vitest';
import { openModel } from '../../../../src/core/formats/index.ts';
import { withInputSize } from '../../../../src/core/graph/passes.ts';
import { inferShapes } from '../../../../src/core/graph/shapes.ts';
import type { Model } from '../../../../src/core/model.ts';
import { write } from '../files.ts';
import { largestDifference, noise, runModel } from '../run.ts';
import { archive, global, pickle, tensor, text } from './files.ts';
import { expected, fixture } from './fixtures.ts';

const kindsOf = ({ layers }: Model) => layers.map(({ name, kind }) => `${name} ${kind}`);

/** Two images of the size that the expected logits are of. */
const runSmall = (model: Model) =>
  runModel({ ...model, graph: withInputSize(model.graph, 'x', 9, 9) }, noise([2, 3, 9, 9]));

const MODULES = [
  'x Input',
  'stem.0 Conv2d',
  'stem.1 BatchNorm2d',
  'stem.2 ReLU',
  'block.depthwise Conv2d',
  'block.act Hardswish',
  'block.add Add',
  'cat Concat',
  'pool MaxPool2d',
  'mean Reshape',
  'drop Dropout',
  'head Linear',
];

describe('networks with their graph', () => {
  const rows: readonly (readonly [file: string, layers: readonly string[], warnings: readonly string[]])[] = [
    ['tiny.pt2', MODULES, []],
    ['tiny-older.pt2', MODULES, []],
    ['tiny-core.pt2', MODULES.filter((name) => name !== 'drop Dropout'), []],
    ['tiny-traced.pt', MODULES, []],
    ['tiny-scripted.pt', MODULES, ["Input 'x' leaves sizes open; 3×224×224 is taken."]],
  ];

  it.each(rows)('%s has the layers of its modules, and gives the logits of PyTorch', async (file, layers, warnings) => {
    const model = await openModel(fixture(file));
    expect(model.format).toBe('pytorch');
    expect(kindsOf(model)).toEqual(layers);
    expect(model.warnings).toEqual(warnings);
    expect(model.unknown).toEqual([]);
    expect(model.inputs.map(({ layout, shape }) => [layout, shape[0], shape[1]])).toEqual([['NCHW', -1, 3]]);
    const [logits] = await runSmall(model);
    expect(logits!.shape).toEqual(expected.logits.shape);
    expect(largestDifference(logits!.data as Float32Array, expected.logits.values)).toBeLessThan(1.5e-4);
    const shapes = inferShapes(model.graph);
    for (const layer of model.layers)
      for (const tensor of [layer.output, layer.before, layer.after]) expect(shapes.has(tensor), layer.name).toBe(true);
  });

  it('a frozen network has lost its modules, not its graph', async () => {
    const model = await openModel(fixture('tiny-frozen.pt'));
    expect(kindsOf(model).slice(0, 4)).toEqual(['x Input', 'convolution Conv', 'relu Relu', 'convolution:1 Conv']);
    const [logits] = await runSmall(model);
    expect(largestDifference(logits!.data as Float32Array, expected.logits.values)).toBeLessThan(1.5e-4);
  });

  it('ties layers to their weights and activation functions', async () => {
    const { layers } = await openModel(fixture('tiny.pt2'));
    const layer = (name: string) => layers.find((one) => one.name === name)!;
    expect(layer('stem.0').weights).toEqual(['stem.0.weight']);
    expect(layer('stem.1').weights).toEqual(
      ['weight', 'bias', 'running_mean', 'running_var'].map((own) => `stem.1.${own}`),
    );
    expect(layer('head').weights).toEqual(['head.weight', 'head.bias']);
    expect(layer('stem.1').after).toBe(layer('stem.2').output);
    expect(layer('stem.2').before).toBe(layer('stem.1').output);
    expect(layer('block.act').before).toBe(layer('block.depthwise').output);
  });
});

describe('weights without their graph', () => {
  const python = (load: string, name: string) =>
    "The file has weights alone, not the network's graph; its filters can be shown. To see all, export ONNX in Python: " +
    `import torch; ${load}; model.eval(); torch.onnx.export(model, torch.zeros(1, 3, 224, 224), '${name}.onnx')`;

  const rows: readonly (readonly [file: string, load: string])[] = [
    ['tiny.pt', "model.load_state_dict(torch.load('tiny.pt'))"],
    ['tiny-checkpoint.pt', "model.load_state_dict(torch.load('tiny-checkpoint.pt')['state_dict'])"],
    ['tiny-legacy.pt', "model.load_state_dict(torch.load('tiny-legacy.pt'))"],
    ['tiny-module.pt', "model = torch.load('tiny-module.pt', weights_only=False)"],
  ];

  it.each(rows)('%s', async (file, load) => {
    const model = await openModel(fixture(file));
    const norm = file === 'tiny-module.pt' ? 'BatchNorm2d' : 'BatchNorm';
    expect(kindsOf(model)).toEqual(['stem.0 Conv2d', `stem.1 ${norm}`, 'block.depthwise Conv2d', 'head Linear']);
    expect(model.warnings).toEqual([python(load, file.replace('.pt', ''))]);
    expect(model.inputs).toEqual([]);
    const { graph } = await openModel(fixture('tiny.pt2'));
    for (const [name, weight] of graph.constants)
      if (name.includes('.')) expect(model.graph.constants.get(name)?.data, name).toEqual(weight.data);
  });

  it('reads a whole module as PyTorch before 1.5 pickled it', async () => {
    const view = { count: 6, shape: [2, 1, 1, 3], strides: [3, 3, 3, 1] };
    const backend = [global('torch.nn.backends.thnn', '_get_thnn_function_backend'), ')R'];
    const parameter = [global('torch.nn.parameter', 'Parameter'), '(', ...tensor(view), 0x89, 'tR'];
    const convolution = [
      ...[global('torch.nn.modules.conv', 'Conv2d'), ')', 0x81, '}'],
      ...[text('_backend'), ...backend, 's'],
      ...[text('_parameters'), '}', text('weight'), ...parameter, 'ss', 'b'],
    ];
    const data = pickle(
      ...[global('torch.nn.modules.container', 'Sequential'), ')', 0x81, '}'],
      ...[text('_modules'), '}', text('0'), ...convolution, 'ss', 'b'],
    );
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    const path = write('module.pt', archive({ 'data.pkl': data, 'data/0': new Uint8Array(values.buffer) }));
    const { graph, layers } = await openModel(path);
    expect(layers.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['0 Conv2d']);
    expect([...graph.constants.values()].map(({ shape, data: read }) => [shape, read])).toEqual([
      [[2, 1, 1, 3], values],
    ]);
  });

  it('knows a convolution with a kernel for each channel as one with groups', async () => {
    const { graph } = await openModel(fixture('tiny.pt'));
    expect(graph.nodes.find(({ name }) => name === 'block.depthwise')?.attributes).toEqual({ group: 4 });
  });
});
