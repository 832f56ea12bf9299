import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { RULE_NAMES } from '../../src/core/graph/rules/index.ts';
import { layerscope, readNpy, relativeDifference, SAMPLES, temporaryFolder } from './cli.ts';

const MODEL = join(SAMPLES, 'digits.h5');
const IMAGE = join(SAMPLES, 'images/seven.png');

/** What another program makes of an exported file. */
async function runElsewhere(file: string, image: Float32Array) {
  const session = await InferenceSession.create(file);
  const results = await session.run({ [session.inputNames[0]!]: new Tensor('float32', image, [1, 1, 28, 28]) });
  return session.outputNames.map((name) => results[name]!.data as Float32Array);
}

async function ours(method: string, array: string, ...options: string[]) {
  const out = temporaryFolder();
  const { status } = await layerscope(
    'run',
    method,
    '--model',
    MODEL,
    '--image',
    IMAGE,
    '--raw',
    '--out',
    out,
    ...options,
  );
  expect(status).toBe(0);
  return Float32Array.from(readNpy(out, `${array}.npy`).values);
}

async function exported(...options: string[]) {
  const file = join(temporaryFolder(), 'exported.onnx');
  const { status, stderr } = await layerscope('export', MODEL, '--out', file, ...options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return file;
}

async function layerNames() {
  const { stdout } = await layerscope('inspect', MODEL, '--json');
  return (JSON.parse(stdout) as { layers: { name: string }[] }).layers.map(({ name }) => name);
}

describe('export', () => {
  let image: Float32Array;
  let scores: Float32Array;

  beforeAll(async () => {
    const [input] = await layerNames();
    image = await ours('activations', 'activation', '--layer', input!);
    scores = await ours('predictions', 'scores');
  });

  it('writes a Keras network as ONNX that another program runs alike', async () => {
    const [probabilities] = await runElsewhere(await exported(), image);
    expect(relativeDifference(probabilities!, await ours('predictions', 'probabilities'))).toBeLessThan(1e-5);
  });

  it('writes the network up to a layer', async () => {
    const [, layer] = await layerNames();
    const [activation] = await runElsewhere(await exported('--layer', layer!), image);
    expect(relativeDifference(activation!, await ours('activations', 'activation', '--layer', layer!))).toBeLessThan(
      1e-5,
    );
  });

  it('writes a gradient as a network of its own', async () => {
    const file = await exported('--gradient', 'gradient', '--target', 'three');
    const [score, gradient] = await runElsewhere(file, image);
    expect(score![0]).toBeCloseTo(scores[3]!, 3);
    expect(relativeDifference(gradient!, await ours('saliency', 'attribution', '--target', '3'))).toBeLessThan(1e-5);
  });

  it.each([...RULE_NAMES, 'deconvnet,switches=none', 'lrp-alpha-beta,alpha=1'])(
    'writes what the rule %s sends back',
    async (rule) => {
      const [score, back] = await runElsewhere(await exported('--gradient', rule, '--target', '3'), image);
      expect(score![0]).toBeCloseTo(scores[3]!, 3);
      expect(back!.length).toBe(image.length);
      expect(back!.every(Number.isFinite)).toBe(true);
      expect(back!.some((value) => value !== 0)).toBe(true);
    },
  );

  it.each([
    [['--gradient', 'gradint', '--target', '1'], "There is no rule 'gradint'"],
    [['--gradient', 'guided,switches=both', '--target', '1'], "'switches' of a rule can't be 'both'"],
    [['--gradient', 'gradient'], 'Give --target K'],
    [['--layer', 'nowhere'], "There is no layer 'nowhere'"],
    [['--target', '3'], '--target needs --gradient RULE'],
  ])('refuses %s', async (options, message) => {
    const { status, stderr } = await layerscope(
      'export',
      MODEL,
      '--out',
      join(temporaryFolder(), 'x.onnx'),
      ...options,
    );
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
