import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe as group, expect, it } from 'vitest';
import { describe, descriptionPath } from '../../../src/core/describe.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import type { FormatId, Model, Preprocessing } from '../../../src/core/model.ts';
import { preset } from '../../../src/core/presets.ts';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerscope-describe-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

function model(channels: number, side: number, more: Partial<Model> = {}, classes = 10): Model {
  const b = new GraphBuilder();
  const x = b.input('x', [BATCH, channels, side, side]);
  const pooled = b.add('Flatten', [b.add('GlobalAveragePool', [x])], { axis: 1 });
  const scores = b.add('Gemm', [pooled, b.floats('w', new Float32Array(channels * classes), [channels, classes])]);
  const graph = b.graph([b.add('Softmax', [scores], { axis: 1 })]);
  return {
    file: path.join(folder, 'net.h5'),
    format: 'keras',
    sha256: '',
    graph,
    inputs: [{ name: x, shape: [BATCH, channels, side, side], layout: 'NHWC' }],
    layers: [],
    unknown: [],
    warnings: [],
    ...more,
  };
}

const write = (name: string, content: unknown) =>
  fs.writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

group('describe', () => {
  it.each<[string, number, number, FormatId, Preprocessing]>([
    ['one channel', 1, 28, 'keras', preset('grey-0-1').input],
    ['227×227', 3, 227, 'onnx', preset('imagenet-caffe').input],
    ['224×224, ONNX', 3, 224, 'onnx', preset('imagenet-torch').input],
    ['299×299, Keras', 3, 299, 'keras', preset('minus1-1').input],
    ['224×224, tfjs', 3, 224, 'tfjs', preset('minus1-1').input],
    ['32×32', 3, 32, 'onnx', preset('0-1').input],
  ])('guesses, and says so: %s', async (_, channels, side, format, input) => {
    expect(await describe(model(channels, side, { format }))).toEqual({ input, source: 'guess' });
  });

  it('believes the model, then the file beside it, then the user', async () => {
    const own = { ...preset('0-255').input, resize: 'crop' as const };
    const known = model(3, 64, { preprocessing: own });
    expect(await describe(known)).toEqual({ input: own, source: 'model' });

    write('net.layerscope.json', { input: { channels: 'BGR', mean: [1, 2, 3] } });
    const written = { channels: 'BGR', scale: 1, mean: [1, 2, 3], std: [1], resize: 'crop' };
    expect(await describe(known)).toEqual({ input: written, source: 'description' });

    const said = await describe(known, { input: { resize: 'squash', channels: undefined } });
    expect(said).toEqual({ input: { ...written, resize: 'squash' }, source: 'description' });
  });

  it('finds labels and sample images beside the model', async () => {
    write('net.layerscope.json', { labels: 'names.json', sampleImages: 'images/' });
    write('names.json', { 1: ['n02', 'great_white_shark'], 0: ['n01', 'tench'] });
    const { labels, sampleImages, source } = await describe(model(3, 64));
    expect(labels).toEqual(['tench', 'great white shark']);
    expect(sampleImages).toBe(path.join(folder, 'images'));
    expect(source).toBe('guess');
    write('names.txt', 'cat\ndog\n');
    expect((await describe(model(3, 64), { labels: 'names.txt' })).labels).toEqual(['cat', 'dog']);
    expect((await describe(model(3, 64), { labels: ['a', 'b'] })).labels).toEqual(['a', 'b']);
  });

  it("takes a thousand classes for ImageNet's, if the model has no names of its own", async () => {
    const { labels } = await describe(model(3, 224, {}, 1000));
    expect(labels).toHaveLength(1000);
    expect([labels![0], labels![340], labels![999]]).toEqual(['tench', 'zebra', 'toilet tissue']);
    expect((await describe(model(3, 224, {}, 1001))).labels![341]).toBe('zebra');
    expect((await describe(model(3, 224, { labels: ['mine'] }, 1000))).labels).toEqual(['mine']);
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{ "input": ', 'it is not JSON: '],
    [
      'a wrong value',
      { input: { channels: 'RBG' } },
      'input.channels: "RBG" is not allowed here; expected one of "RGB", "BGR", "grey".',
    ],
    ['a wrong number', { input: { mean: [1, 'x', 3] } }, 'input.mean.1: "x" is not allowed here; expected a number.'],
    [
      'a division by zero',
      { input: { std: [0] } },
      'input.std.0: 0 is not allowed here; expected a number other than 0.',
    ],
    ['too few numbers', { input: { mean: [1, 2] } }, 'input.mean: 2 numbers; expected 1, or 3, one for each channel.'],
    [
      'an unknown name',
      { inputs: {} },
      'inputs: "inputs" is not allowed here; expected no such name; the names are $schema, input, labels, code, sampleImages.',
    ],
    ['a number', '3', 'the whole file: 3 is not allowed here; expected an object { … }.'],
    [
      'labels that are not there',
      { labels: 'no.json' },
      'no.json: there is no such file; the class labels were expected in it.',
    ],
  ])('says where a description is wrong: %s', async (_, content, message) => {
    write('net.layerscope.json', content);
    const failure = describe(model(3, 64));
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toMatchObject({ kind: 'file' });
  });

  it('refuses labels that are none', async () => {
    write('names.json', { 0: { a: 1 } });
    await expect(describe(model(3, 64), { labels: 'names.json' })).rejects.toThrow(
      'names.json: no class labels; expected ["cat", "dog", …] or {"0": ["n01440764", "tench"], …}.',
    );
  });
});

it('descriptionPath: beside the model, under its name', () => {
  expect(descriptionPath('/a/net.v2.onnx')).toBe(path.normalize('/a/net.v2.layerscope.json'));
});
