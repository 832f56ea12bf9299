import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finish, layerscope, readJson, readNpy, SAMPLES, start, temporaryFolder } from './cli.ts';

const MODEL = join(SAMPLES, 'digits.onnx');
const stimuli = (out: string, ...options: string[]) =>
  ['run', 'activation-maximisation', '--model', MODEL, '--layer', 'conv2', '--raw', '--out', out, ...options] as const;

describe('activation maximisation', () => {
  it('finds pictures that each unit answers to more strongly than after one step', async () => {
    const activations = [];
    for (const steps of [1, 96]) {
      const out = temporaryFolder();
      const { status, stderr } = await layerscope(...stimuli(out, '--unit', '0-3', '--set', `steps=${steps}`));
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const { metrics, files } = readJson(out, 'result.json') as { metrics: Record<string, number[]>; files: string[] };
      expect(metrics).toMatchObject({ steps });
      expect(files).toEqual(expect.arrayContaining(['unit-000.png', 'unit-003.png', 'image.npy']));
      expect(readNpy(out, 'image.npy').shape.slice(0, 2)).toEqual([4, 1]);
      activations.push(metrics['activation']!);
    }
    const [before, after] = activations;
    after!.forEach((value, unit) => expect(value).toBeGreaterThan(before![unit]!));
  });

  it('is the same for the same seed, another for another', async () => {
    const images = [];
    for (const seed of ['5', '5', '6']) {
      const out = temporaryFolder();
      await layerscope(...stimuli(out, '--unit', '1', '--set', 'steps=8', '--seed', seed));
      images.push(readFileSync(join(out, 'image.npy')));
    }
    expect(images[1]).toEqual(images[0]);
    expect(images[2]).not.toEqual(images[0]);
  });

  it.skipIf(process.platform === 'win32')('keeps what is there when it is interrupted', async () => {
    const out = temporaryFolder();
    const child = start(...stimuli(out, '--unit', '0-3', '--set', 'steps=10000'));
    let interrupted = 0;
    setTimeout(() => {
      interrupted = performance.now();
      child.kill('SIGINT');
    }, 4000);
    const { status, stderr } = await finish(child);
    expect(performance.now() - interrupted).toBeLessThan(3000);
    expect({ status, stderr }).toEqual({ status: 130, stderr: 'layerscope: Cancelled.\n' });
    const result = readJson(out, 'result.json') as { partial: boolean; files: string[]; metrics: { steps: number } };
    expect(result.partial).toBe(true);
    expect(result.metrics.steps).toBeGreaterThan(0);
    expect(result.metrics.steps).toBeLessThan(10000);
    for (const file of [...result.files, 'unit-000.png']) expect(existsSync(join(out, file))).toBe(true);
  });

  it('reports every 5 s where there is no terminal, and nothing with --quiet', async () => {
    const child = start(...stimuli(temporaryFolder(), '--set', 'steps=10000'));
    const quiet = start(...stimuli(temporaryFolder(), '--set', 'steps=10000', '--quiet'));
    setTimeout(() => [child, quiet].forEach((one) => one.kill('SIGINT')), 13_000);
    const [loud, silent] = await Promise.all([finish(child), finish(quiet)]);
    expect(loud.stderr).toMatch(/^(activation-maximisation: \d+ of \d+, \d+ s, .+ left\n)+layerscope: Cancelled\.\n$/);
    expect(silent).toMatchObject({ stdout: '', stderr: 'layerscope: Cancelled.\n' });
  });
});
