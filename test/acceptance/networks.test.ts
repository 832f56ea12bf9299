import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasShared, layerscope, model, photo, readJson, readNpy, relativeDifference, temporaryFolder } from './cli.ts';

interface LayerJson {
  readonly name: string;
  readonly shape: readonly number[];
  readonly parameters: number;
}

interface ModelJson {
  readonly layers: readonly LayerJson[];
  readonly parameters: number;
}

async function inspect(file: string): Promise<ModelJson> {
  const { status, stdout, stderr } = await layerscope('inspect', file, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as ModelJson;
}

async function run(method: string, file: string, ...options: string[]) {
  const out = temporaryFolder();
  const { status, stderr } = await layerscope('run', method, '--model', file, '--out', out, '--raw', ...options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return out;
}

const FORMATS = ['squeezenet10.onnx', 'squeezenet10.h5', 'tfjs-layers/model.json'];
const squeezenets = FORMATS.map((file) => model(`squeezenet10-deepcomp/${file}`));

describe.skipIf(!hasShared)('SqueezeNet in three formats (skipped where LAYERSCOPE_SHARED has no models)', () => {
  it('has the same layers', async () => {
    const [onnx, ...others] = await Promise.all(squeezenets.map(inspect));
    expect(onnx!.parameters).toBe(1_248_424);
    const facts = ({ layers }: ModelJson) =>
      layers
        .filter(({ name }) => !/^flatten/.test(name))
        .map(({ name, shape, parameters }) => [name.replaceAll('/', '_'), shape.join('×'), parameters]);
    const names = (file: ModelJson) => new Map(facts(file).map(([name, ...rest]) => [name, rest]));
    for (const other of others)
      for (const [name, rest] of names(onnx!))
        if (names(other).has(name)) expect([name, ...names(other).get(name)!]).toEqual([name, ...rest]);
    const convolutions = (file: ModelJson) => facts(file).filter(([, , parameters]) => parameters !== 0);
    for (const other of others) expect(convolutions(other)).toEqual(convolutions(onnx!));
  });

  it('takes the zebra for a zebra, with the same scores and the same gradient', async () => {
    const options = ['--image', photo('zebra.jpg')];
    const runs = [];
    for (const file of squeezenets) {
      const predictions = await run('predictions', file, ...options);
      expect((readJson(predictions, 'result.json')['rows'] as number[][])[0]![0]).toBe(340);
      runs.push({ scores: readNpy(predictions, 'scores.npy'), saliency: await run('saliency', file, ...options) });
    }
    const [onnx, ...others] = runs;
    expect(readNpy(onnx!.saliency, 'attribution.npy').shape).toEqual([1, 3, 227, 227]);
    for (const { scores, saliency } of others) {
      expect(relativeDifference(scores.values, onnx!.scores.values)).toBeLessThan(1e-4);
      expect(readNpy(saliency, 'attribution.npy').shape).toEqual([1, 227, 227, 3]);
      const map = readNpy(saliency, 'map.npy');
      expect(relativeDifference(map.values, readNpy(onnx!.saliency, 'map.npy').values)).toBeLessThan(1e-4);
    }
  });
});

describe.skipIf(!hasShared)('a description beside the model (skipped where LAYERSCOPE_SHARED has no models)', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'vgg.json');
  beforeAll(() => {
    copyFileSync(model('tinyvgg-tfjs/model.json'), file);
    copyFileSync(model('tinyvgg-tfjs/group1-shard1of1.bin'), join(folder, 'group1-shard1of1.bin'));
    const labels = ['lifeboat', 'ladybug', 'pizza', 'pepper', 'bus', 'koala', 'espresso', 'panda', 'orange', 'car'];
    writeFileSync(
      join(folder, 'vgg.layerscope.json'),
      JSON.stringify({ input: { channels: 'RGB', scale: 1 / 255 }, labels }),
    );
  });

  it('gives the classes their names', async () => {
    for (const name of ['koala', 'pizza', 'espresso']) {
      const out = await run('predictions', file, '--image', model(`tinyvgg-tfjs/img/${name}_1.jpeg`));
      expect((readJson(out, 'result.json')['rows'] as string[][])[0]![1]).toBe(name);
    }
  });

  it('that is damaged is a file error', async () => {
    const broken = join(temporaryFolder(), 'vgg.json');
    copyFileSync(file, broken);
    copyFileSync(join(folder, 'group1-shard1of1.bin'), join(broken, '../group1-shard1of1.bin'));
    writeFileSync(broken.replace('.json', '.layerscope.json'), '{ "input": ');
    const { status, stderr } = await layerscope('inspect', broken);
    expect(status).toBe(3);
    expect(stderr).toContain('vgg.layerscope.json');
  });
});

describe.skipIf(!hasShared)(
  'networks as their authors saved them (skipped where LAYERSCOPE_SHARED has no models)',
  () => {
    it.each([
      ['lenet-mnist-tensorspace/keras/rawModel/combined/mnist.h5', 'Conv2D_1', [6, 1, 5, 5]],
      ['lenet-mnist-tensorspace/keras/convertedModel/model.json', 'Conv2D_2', [16, 6, 5, 5]],
      ['mnist-onnx-wonnx/opt-mnist.onnx', 'Convolution28', [8, 1, 5, 5]],
      ['efficientnet-lite0/efficientnet-lite0.onnx', 'stem/conv', [32, 3, 3, 3]],
      ['efficientnet-lite0/efficientnet-lite0.h5', 'block00_depthwise_conv', [32, 1, 3, 3]],
    ])('%s: kernels of %s', async (file, layer, shape) => {
      const out = await run('filters', model(file), '--layer', layer);
      expect(readNpy(out, 'weights.npy').shape).toEqual(shape);
    });

    it('an input of N×28×28 takes and gives arrays of N×28×28', async () => {
      const file = model('lenet-mnist-tensorspace/keras/rawModel/combined/mnist.h5');
      const digit = join(temporaryFolder(), 'digit.npy');
      const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 28, 28), }".padEnd(117) + '\n';
      const values = Buffer.from(
        Float32Array.from({ length: 784 }, (_, i) => (i % 28 > 12 && i % 28 < 16 ? 1 : 0)).buffer,
      );
      writeFileSync(
        digit,
        Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(header), values]),
      );
      const out = await run('saliency', file, '--image', digit);
      expect(readNpy(out, 'attribution.npy').shape).toEqual([1, 28, 28]);
      expect(readNpy(out, 'map.npy').shape).toEqual([1, 28, 28]);
      expect(readJson(out, 'result.json')['target']).toBe(1);
    });
  },
);
