import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { layerscope, readJson, readNpy, relativeDifference, SAMPLES, temporaryFolder } from './cli.ts';

const MODEL = join(SAMPLES, 'digits.onnx');
const IMAGE = join(SAMPLES, 'images/seven.png');

async function run(method: string, ...options: string[]) {
  const out = join(temporaryFolder(), 'out');
  const finished = await layerscope('run', method, '--model', MODEL, '--out', out, ...options);
  expect(finished.stderr).toBe('');
  expect(finished.status).toBe(0);
  return { out, ...finished, result: readJson(out, 'result.json') };
}

interface LayerJson {
  readonly name: string;
  readonly shape: readonly number[];
  readonly hasFilters: boolean;
}

async function layers(): Promise<LayerJson[]> {
  const { stdout } = await layerscope('inspect', MODEL, '--json');
  return (JSON.parse(stdout) as { layers: LayerJson[] }).layers;
}

const pngSize = (path: string) => {
  const { width, height } = PNG.sync.read(readFileSync(path));
  return { width, height };
};

describe('run', () => {
  it('writes what the same run needs, with every parameter', async () => {
    const { out, result } = await run('saliency', '--image', IMAGE, '--set', 'reduce=signed', '--seed', '7', '--raw');
    expect(result).toMatchObject({
      method: 'saliency',
      model: MODEL,
      layer: null,
      unit: null,
      target: 7,
      targetLabel: 'seven',
      parameters: { reduce: 'signed', of: 'score' },
      seed: 7,
      engine: 'onnxruntime',
      files: ['saliency.png', 'attribution.npy', 'map.npy'],
    });
    expect(result['sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(result['milliseconds']).toBeGreaterThanOrEqual(0);
    expect(result['versions']).toHaveProperty('layerscope');
    expect(result).not.toHaveProperty('partial');
    for (const file of result['files'] as string[]) expect(existsSync(join(out, file))).toBe(true);
    expect(readNpy(out, 'attribution.npy').shape).toEqual([1, 1, 28, 28]);
    // One channel: its signed sum is the gradient itself.
    expect(readNpy(out, 'map.npy')).toMatchObject({ shape: [1, 28, 28] });
    expect(readNpy(out, 'map.npy').values).toEqual(readNpy(out, 'attribution.npy').values);
    expect(pngSize(join(out, 'saliency.png')).width).toBeGreaterThanOrEqual(28);
  });

  it('gives the same bytes for the same seed', async () => {
    const [a, b] = await Promise.all([1, 2].map(() => run('saliency', '--image', IMAGE, '--raw')));
    for (const file of ['saliency.png', 'attribution.npy', 'map.npy'])
      expect(readFileSync(join(a!.out, file))).toEqual(readFileSync(join(b!.out, file)));
  });

  it('takes a class by its label', async () => {
    const byLabel = await run('saliency', '--image', IMAGE, '--target', 'One', '--raw');
    const byNumber = await run('saliency', '--image', IMAGE, '--target', '1', '--raw');
    expect(byLabel.result['target']).toBe(1);
    expect(readNpy(byLabel.out, 'map.npy').values).toEqual(readNpy(byNumber.out, 'map.npy').values);
    const wrong = await layerscope(
      'run',
      'saliency',
      '--model',
      MODEL,
      '--image',
      IMAGE,
      '--target',
      'sevn',
      '--out',
      'o',
    );
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain("'seven' (7)");
  });

  it('lists the classes, most probable first', async () => {
    const { stdout, result } = await run('predictions', '--image', IMAGE, '--set', 'count=3');
    expect(stdout).toContain('seven');
    const rows = result['rows'] as [number, string, number, number][];
    expect(rows).toHaveLength(3);
    expect(rows[0]!.slice(0, 2)).toEqual([7, 'seven']);
    expect(rows[0]![2]).toBeGreaterThan(rows[1]![2]);
    expect(result['files']).toEqual([]);
  });

  it('gives every layer’s activations in its shape', async () => {
    for (const { name, shape } of await layers()) {
      const { out, result } = await run('activations', '--layer', name, '--image', IMAGE, '--raw');
      expect(readNpy(out, 'activation.npy').shape).toEqual([1, ...shape]);
      expect(result['files']).toEqual(['activations.png', 'activation.npy']);
    }
  });

  it('gives every kernel', async () => {
    const withFilters = (await layers()).filter(({ hasFilters }) => hasFilters);
    expect(withFilters.length).toBeGreaterThan(1);
    for (const { name, shape } of withFilters) {
      const { out } = await run('filters', '--layer', name, '--raw');
      const weights = readNpy(out, 'weights.npy');
      expect(weights.shape).toHaveLength(4);
      expect(weights.shape[0]).toBe(shape[0]);
    }
  });

  it('an array gives the same as the picture that it was made from', async () => {
    const input = (await layers())[0]!.name;
    const { out } = await run('activations', '--layer', input, '--image', IMAGE, '--raw');
    const picture = await run('saliency', '--image', IMAGE, '--raw');
    const array = await run('saliency', '--image', join(out, 'activation.npy'), '--raw');
    expect(readNpy(array.out, 'map.npy').values).toEqual(readNpy(picture.out, 'map.npy').values);
  });

  it('says nothing with --quiet', async () => {
    expect(await run('predictions', '--image', IMAGE, '--quiet')).toMatchObject({ stdout: '', stderr: '' });
  });

  it('agrees between the formats of one network', async () => {
    const outs = await Promise.all(
      ['digits.onnx', 'digits.h5'].map(async (name) => {
        const out = join(temporaryFolder(), 'out');
        const args = ['run', 'saliency', '--model', join(SAMPLES, name), '--image', IMAGE, '--target', '7', '--raw'];
        const { status } = await layerscope(...args, '--out', out);
        expect(status).toBe(0);
        return out;
      }),
    );
    const [onnx, keras] = outs.map((out) => readNpy(out, 'attribution.npy'));
    expect(onnx!.shape).toEqual([1, 1, 28, 28]);
    expect(keras!.shape).toEqual([1, 28, 28, 1]);
    expect(relativeDifference(keras!.values, onnx!.values)).toBeLessThan(1e-4);
  });
});
