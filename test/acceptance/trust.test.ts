import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { layerscope, readJson, readNpy, SAMPLES, temporaryFolder } from './cli.ts';

const MODEL = join(SAMPLES, 'digits.onnx');
const IMAGE = join(SAMPLES, 'images/seven.png');

async function run(method: string, ...options: string[]) {
  const out = temporaryFolder();
  const { status, stderr } = await layerscope(
    'run',
    method,
    '--model',
    MODEL,
    '--image',
    IMAGE,
    '--out',
    out,
    ...options,
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return {
    out,
    result: readJson(out, 'result.json'),
    metrics: readJson(out, 'result.json')['metrics'] as Record<string, number[]>,
  };
}

describe('run localisation', () => {
  it('leaves mask.npy, H×W of 0 and 1, and its box', async () => {
    const { out, metrics } = await run('localisation', '--raw');
    const { shape, values: data } = readNpy(join(out, 'mask.npy'));
    expect(shape).toEqual([28, 28]);
    expect([...new Set(Array.from(data, Number))].sort()).toEqual([0, 1]);
    const [x0, y0, x1, y1] = metrics['box'] as unknown as [number, number, number, number];
    Array.from(data, Number).forEach((value, i) => {
      const [x, y] = [i % 28, Math.floor(i / 28)];
      if (value) expect(x >= x0 && x < x1 && y >= y0 && y < y1).toBe(true);
    });
    expect(PNG.sync.read(readFileSync(join(out, 'localisation.png'))).width).toBe(224);
  });
});

describe('run trust', () => {
  it('leaves curve.npy and the areas', async () => {
    const { out, result, metrics } = await run(
      'trust',
      '--set',
      'metrics=deletion,insertion',
      '--set',
      'steps=20',
      '--raw',
    );
    expect(result['kind']).toBe('curve');
    const { shape, values: data } = readNpy(join(out, 'curve.npy'));
    expect(shape).toEqual([3, 21]);
    const [x, ...curves] = [0, 1, 2].map((row) => Array.from(data, Number).slice(row * 21, (row + 1) * 21));
    curves.forEach((y, n) => {
      let area = 0;
      for (let i = 1; i < 21; i++) area += ((x![i]! - x![i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
      expect(metrics['area']![n]).toBeCloseTo(area, 5);
    });
    // Before anything is deleted, and when all is inserted, it is the image itself.
    expect(curves[0]![0]).toBeCloseTo(curves[1]![20]!, 5);
    expect(PNG.sync.read(readFileSync(join(out, 'trust.png'))).width).toBe(720);
  });

  it('gives the same bytes for the same seed', async () => {
    const options = [
      '--set',
      'stops=2',
      '--set',
      'samples=2',
      '--set',
      'steps=10',
      '--set',
      'squares=10',
      '--raw',
      '--seed',
      '3',
    ];
    const [a, b] = [await run('trust', ...options), await run('trust', ...options)];
    expect(a.metrics).toEqual(b.metrics);
    expect(readFileSync(join(a.out, 'randomisation.npy'))).toEqual(readFileSync(join(b.out, 'randomisation.npy')));
  });
});

describe('report', () => {
  const report = (out: string, ...options: string[]) =>
    layerscope('report', '--model', MODEL, '--image', IMAGE, '--out', out, ...options);

  it('writes one HTML file', async () => {
    const out = join(temporaryFolder(), 'seven.html');
    const { status, stdout } = await report(out, '--methods', 'saliency,grad-cam', '--trust', 'deletion');
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${out}: 2 maps\n` });
    const page = readFileSync(out, 'utf8');
    for (const text of ['Why class seven?', 'Saliency', 'Grad-CAM', 'Deletion', 'layerscope run grad-cam'])
      expect(page).toContain(text);
    expect(page).not.toContain('<script');
  });

  it.each([
    ['no image', ['--image', '/no/such.png'], 3, /no\/such\.png/],
    ['an unknown method', ['--methods', 'salience'], 2, /'salience'\. The nearest: 'saliency'/],
    ['an unknown measure', ['--trust', 'fame'], 2, /'fame' is not allowed for metrics/],
    ['a file of another kind', ['--out', 'x.pdf'], 2, /--out FILE\.html/],
  ])('ends with one line for %s', async (_, options, status, message) => {
    const finished = await report(join(temporaryFolder(), 'x.html'), ...options);
    expect(finished.status).toBe(status);
    expect(finished.stderr).toMatch(message);
    expect(finished.stderr.trim()).not.toContain('\n');
  });
});
