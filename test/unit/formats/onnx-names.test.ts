import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { floats, onnxFile, write, type OnnxNode } from './files.ts';

type Row = readonly [op: string, name: string, inputs: readonly string[], output: string, scopes?: string];

const KERNEL = [2, 2, 1, 1];

/** Opens a network of these nodes; each input that nothing makes is a 1×1 kernel. */
async function layersOf(rows: readonly Row[]) {
  const made = new Set(['x', ...rows.map(([, , , output]) => output)]);
  const weights = new Set(rows.flatMap(([, , inputs]) => inputs.filter((name) => !made.has(name))));
  const nodes = rows.map(([op, name, inputs, output, scopes]): OnnxNode => {
    const metadata = scopes === undefined ? undefined : { 'pkg.torch.onnx.name_scopes': scopes };
    return { op, name, inputs, outputs: [output], ...(metadata && { metadata }) };
  });
  const initializers = [...weights].map((name) => floats(name, KERNEL));
  const bytes = onnxFile({ nodes, initializers, outputs: [rows.at(-1)![3]] });
  return (await openModel(write('model.onnx', bytes))).layers.slice(1);
}

const namesOf = async (rows: readonly Row[]) => (await layersOf(rows)).map(({ name }) => name);

describe('names of PyTorch modules', () => {
  it('come from the names that TorchScript gives nodes', async () => {
    const names = await namesOf([
      ['Conv', '/features/features.0/features.0.0/Conv', ['x', 'a'], 'c0'],
      ['Conv', '/features/features.3/squeeze/Conv', ['c0', 'b'], 'c1'],
      ['Conv', '/features/features.3/conv/conv.0/conv.0.1/Conv', ['c1', 'c'], 'c2'],
      ['Relu', '/layer1/layer1.0/relu/Relu', ['c2'], 'r1'],
      ['Conv', '/layer1/layer1.0/conv2/Conv', ['r1', 'd'], 'c3'],
      ['Add', '/layer1/layer1.0/Add', ['c3', 'r1'], 's'],
      ['Relu', '/layer1/layer1.0/relu_1/Relu', ['s'], 'r2'],
      ['Neg', '/Neg', ['r2'], 'y'],
    ]);
    expect(names).toEqual([
      'features.0.0',
      'features.3.squeeze',
      'features.3.conv.0.1',
      'layer1.0.relu',
      'layer1.0.conv2',
      'layer1.0.Add',
      'layer1.0.relu_1',
      'Neg',
    ]);
  });

  it('are told apart by number where a module is called twice', async () => {
    const names = await namesOf([
      ['Relu', '/block/relu/Relu', ['x'], 'a'],
      ['Conv', '/block/conv/Conv', ['a', 'w'], 'b'],
      ['Relu', '/block/relu/Relu_1', ['b'], 'y'],
    ]);
    expect(names).toEqual(['block.relu', 'block.conv', 'block.relu_1']);
  });

  it('come from the scopes of torch.export, but the name of a convolution from its weights', async () => {
    const names = await namesOf([
      ['Conv', 'node_Conv_1', ['x', 'layer1.0.conv1.weight'], 'a', "['', 'layer1', 'layer1.0', 'layer1.0.bn1', 'bn']"],
      ['Relu', 'node_relu', ['a'], 'b', "['', 'layer1', 'layer1.0', 'layer1.0.relu', 'relu']"],
      ['Add', 'node_add_3', ['b', 'x'], 'c', "['', 'layer1', 'layer1.0', 'add_3']"],
      ['Relu', 'node_relu_1', ['c'], 'y', "['', 'layer1', 'layer1.0', 'layer1.0.relu@1', 'relu_1']"],
    ]);
    expect(names).toEqual(['layer1.0.conv1', 'layer1.0.relu', 'layer1.0.add_3', 'layer1.0.relu_1']);
  });

  it('come from the weights where older exporters only count nodes', async () => {
    const names = await namesOf([
      ['Conv', 'Conv_0', ['x', 'features.0.weight', 'features.0.bias'], 'a'],
      ['Relu', 'Relu_1', ['a'], 'b'],
      ['Conv', '', ['b', 'features.3.weight_quantized'], 'y'],
    ]);
    expect(names).toEqual(['features.0', 'Relu_1', 'features.3']);
  });

  it('stay as they are in other files', async () => {
    const names = await namesOf([
      ['Conv', 'stem/conv', ['x', 'stem.weight'], 'a'],
      ['Conv', 'fire2/squeeze1x1', ['a', 'w'], 'b'],
      ['Relu', '//', ['b'], 'c'],
      ['Relu', 'node_relu', ['c'], 'y', 'damaged'],
    ]);
    expect(names).toEqual(['stem/conv', 'fire2/squeeze1x1', '//', 'node_relu']);
  });
});

describe('modules of several nodes', () => {
  it('are one layer, an activation function as such', async () => {
    const [conv, swish, last] = await layersOf([
      ['Conv', '/conv/Conv', ['x', 'w'], 'c'],
      ['Sigmoid', '/act/Sigmoid', ['c'], 's'],
      ['Mul', '/act/Mul', ['c', 's'], 'm'],
      ['Conv', '/last/Conv', ['m', 'v'], 'y'],
    ]);
    expect(conv).toMatchObject({ name: 'conv', output: 'c', before: 'c', after: 'm' });
    const nodes = ['/act/Sigmoid', '/act/Mul'];
    expect(swish).toEqual({ name: 'act', kind: 'Swish', output: 'm', before: 'c', after: 'm', nodes, weights: [] });
    expect(last).toMatchObject({ name: 'last', kind: 'Conv', weights: ['v'] });
  });

  it('hold the weights of all their nodes, under the kind of their kernel', async () => {
    const [layer] = await layersOf([
      ['Conv', '/own/Conv', ['x', 'w'], 'c'],
      ['Mul', '/own/Mul', ['c', 's'], 'y'],
    ]);
    expect(layer).toMatchObject({ name: 'own', kind: 'Conv', output: 'y', weights: ['w', 's'] });
  });

  it('are several layers where another node takes what is within, or there are two kernels', async () => {
    const tapped = await namesOf([
      ['Sigmoid', '/act/Sigmoid', ['x'], 's'],
      ['Mul', '/act/Mul', ['x', 's'], 'm'],
      ['Add', '/Add', ['m', 's'], 'y'],
    ]);
    expect(tapped).toEqual(['act.Sigmoid', 'act.Mul', 'Add']);
    const two = await namesOf([
      ['Conv', '/net/Conv', ['x', 'w'], 'a'],
      ['Conv', '/net/Conv_1', ['a', 'v'], 'y'],
    ]);
    expect(two).toEqual(['net.Conv', 'net.Conv_1']);
  });
});
