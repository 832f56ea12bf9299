import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { layerscope, readJson, readNpy, SAMPLES, temporaryFolder } from './cli.ts';

const ONNX = join(SAMPLES, 'digits.onnx');
const KERAS = join(SAMPLES, 'digits.h5');
const IMAGE = join(SAMPLES, 'images/seven.png');

async function run(method: string, ...options: string[]) {
  const out = join(temporaryFolder(), 'out');
  const finished = await layerscope('run', method, '--model', ONNX, '--out', out, ...options);
  return { out, ...finished, result: existsSync(out) ? readJson(out, 'result.json') : {} };
}

describe('run architecture', () => {
  it('leaves boxes and edges in result.json, and a drawing', async () => {
    const { out, result, status } = await run('architecture', '--set', 'size=flops');
    expect(status).toBe(0);
    const boxes = result['boxes'] as { name: string; flops: number }[];
    expect(boxes.map(({ name }) => name)).toContain('conv2');
    expect(result['edges']).toContainEqual({ from: 'conv1/relu', to: 'pool1' });
    expect(result['metrics']).toMatchObject({ layers: boxes.length, parameters: 40122 });
    const { width, height } = PNG.sync.read(readFileSync(join(out, 'architecture.png')));
    expect(height).toBeGreaterThan(width / 2);
  });
});

describe('run --with', () => {
  it('compares two files of one network: equal filters', async () => {
    const { out, result, status, stdout } = await run('filters', '--with', KERAS, '--layer', 'conv2', '--raw');
    expect(status).toBe(0);
    expect(stdout).toContain('‖b − a‖ 0');
    expect(result).toMatchObject({
      kind: 'comparison',
      model: ONNX,
      with: KERAS,
      layer: 'conv2',
      withLayer: 'conv2',
      matched: 'name',
      metrics: { norm: 0, relative: 0 },
      files: ['a.png', 'b.png', 'difference.png', 'a.npy', 'b.npy', 'difference.npy'],
    });
    expect(readNpy(out, 'difference.npy').shape).toEqual(readNpy(out, 'a.npy').shape);
  });

  it('compares what both make of an image', async () => {
    const { result, status } = await run('activations', '--with', KERAS, '--layer', 'conv3', '--image', IMAGE);
    expect(status).toBe(0);
    expect((result['metrics'] as { relative: number }).relative).toBeLessThan(1e-5);
    // Whoever reads any result.json finds the same here, and each model's own in `a` and `b`.
    expect(result).toMatchObject({
      method: 'activations',
      image: IMAGE,
      unit: null,
      target: null,
      seed: 0,
      parameters: { stage: 'after' },
    });
    expect(result).toMatchObject({ engine: 'onnxruntime', versions: { onnxruntime: expect.any(String) as string } });
    const { a, b } = result as Record<string, { sha256: string; milliseconds: number }>;
    expect(result).toMatchObject({
      sha256: a!.sha256,
      withSha256: b!.sha256,
      milliseconds: a!.milliseconds + b!.milliseconds,
    });
    expect(a!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(b!.sha256).not.toBe(a!.sha256);
  });

  it('says what can’t be compared, and what is missing', async () => {
    const wrong = await run('saliency', '--with', KERAS, '--image', IMAGE);
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining("saliency can't be compared") });
    const absent = await run('filters', '--with', join(SAMPLES, 'none.onnx'), '--layer', 'conv1');
    expect(absent).toMatchObject({ status: 3, stderr: expect.stringContaining('none.onnx') });
    const layerless = await run('filters', '--with', KERAS);
    expect(layerless).toMatchObject({ status: 2, stderr: expect.stringContaining('--layer') });
  });
});

describe('run filters --set show=combination', () => {
  it('draws deeper units down to the input, and leaves the array', async () => {
    const { out, status, stdout } = await run('filters', '--layer', 'conv2', '--set', 'show=combination', '--raw');
    expect(status).toBe(0);
    expect(stdout).toContain('Linear combinations of conv2');
    const { shape } = readNpy(out, 'combination.npy');
    expect(shape).toEqual([32, 1, 14, 14]);
    expect(readNpy(out, 'weights.npy').shape).toEqual([32, 16, 5, 5]);
  });
});
