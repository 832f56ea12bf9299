import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadDigits, PIXELS, SIDE } from '../../../scripts/train-samples/digits.ts';
import { describe as describeModel } from '../../../src/core/describe.ts';
import { chooseEngine } from '../../../src/core/engines/choose.ts';
import { openModel } from '../../../src/core/formats/index.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { decodeImage } from '../../../src/core/images/decode.ts';
import { toInput } from '../../../src/core/images/preprocess.ts';
import type { Model } from '../../../src/core/model.ts';

const samples = fileURLToPath(new URL('../../../media/samples', import.meta.url));
const FILES = ['digits.h5', 'digits.onnx', 'digits-tfjs/model.json'];
const NAMES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

const open = (file: string) => openModel(path.join(samples, file));

/** Probabilities, N×10, of images N×1×28×28. */
async function predict(model: Model, images: Float32Array): Promise<Float32Array> {
  const executable = await (await chooseEngine()).compile(model.graph);
  const shape = [images.length / PIXELS, 1, SIDE, SIDE];
  const results = await executable.run({ [model.inputs[0]!.name]: float32(images, shape) });
  await executable.dispose();
  return results[model.graph.outputs[0]!]!.data as Float32Array;
}

const strongest = (row: Float32Array) => row.indexOf(Math.max(...row));

describe('the sample network', () => {
  it.each(FILES)('%s names at least 97 of 100 held-back digits rightly', async (file) => {
    const { heldBack } = loadDigits();
    const images = new Float32Array(heldBack.length * PIXELS);
    heldBack.forEach(({ pixels }, i) => images.set(pixels, i * PIXELS));
    const probabilities = await predict(await open(file), images);
    const right = heldBack.filter(({ label }, i) => strongest(probabilities.subarray(i * 10, i * 10 + 10)) === label);
    expect(heldBack.length).toBeGreaterThan(900);
    expect(right.length / heldBack.length).toBeGreaterThanOrEqual(0.97);
  });

  it.each(FILES)('%s is described: grey, 0–1, ten labels, the sample images', async (file) => {
    const description = await describeModel(await open(file));
    expect(description.source).toBe('description');
    expect(description.labels).toEqual(NAMES);
    expect(description.input).toMatchObject({ channels: 'grey', scale: 1 / 255, mean: [0], std: [1] });
    expect(description.sampleImages && readdirSync(description.sampleImages)).toHaveLength(10);
  });

  it('names its own sample images rightly', async () => {
    const model = await open('digits.onnx');
    const { input } = await describeModel(model);
    const images = await Promise.all(
      NAMES.map(async (name) => {
        const file = path.join(samples, 'images', `${name}.png`);
        const picture = await decodeImage(readFileSync(file), file);
        expect([picture.width, picture.height]).toEqual([SIDE, SIDE]);
        return [...toInput(picture, model.inputs[0]!, input).data];
      }),
    );
    const probabilities = await predict(model, Float32Array.from(images.flat()));
    expect(NAMES.map((_, i) => strongest(probabilities.subarray(i * 10, i * 10 + 10)))).toEqual(NAMES.map((_, i) => i));
  });

  it('has the layers that digits.py names', async () => {
    const code = readFileSync(path.join(samples, 'digits.py'), 'utf8');
    const named = [...code.matchAll(/^ {8}(?:\w+)\(.*name="(\w+)"\)/gm)].map(([, name]) => name);
    for (const file of ['digits.h5', 'digits-tfjs/model.json'])
      expect((await open(file)).layers.map(({ name }) => name)).toEqual(named);
    expect((await open('digits.onnx')).layers.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
  });

  it('is small', () => {
    const sizes = (readdirSync(samples, { recursive: true }) as string[]).map((file) =>
      statSync(path.join(samples, file)),
    );
    expect(sizes.reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0)).toBeLessThan(1_000_000);
  });
});
