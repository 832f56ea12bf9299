import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ATTRIBUTIONS } from '../../src/core/visualizers/attributions.ts';
import { layerscope, readJson, readNpy, relativeDifference, SAMPLES, temporaryFolder } from './cli.ts';

const IMAGE = join(SAMPLES, 'images/seven.png');
const IDS = ATTRIBUTIONS.map(({ id }) => id);
/** Whose raw map is one of the layer alone, or whose head the sample has not. */
const CAMS = ['cam', 'grad-cam', 'grad-cam-plus-plus'];
const WITH_ATTRIBUTION = IDS.filter((id) => !CAMS.includes(id));

async function run(method: string, model: string, ...options: string[]) {
  const out = join(temporaryFolder(), 'out');
  const args = ['--model', join(SAMPLES, model), '--image', IMAGE, '--out', out, '--raw', ...options];
  const { status, stderr } = await layerscope('run', method, ...args);
  expect(stderr.replace(/^\S+: \d+ of .*\n/gm, '')).toBe('');
  expect(status).toBe(0);
  return { out, result: readJson(out, 'result.json') };
}

/** The uppermost layer of maps with filters. */
async function upperLayer(): Promise<string> {
  const { stdout } = await layerscope('inspect', join(SAMPLES, 'digits.onnx'), '--json');
  const { layers } = JSON.parse(stdout) as { layers: { name: string; shape: number[]; hasFilters: boolean }[] };
  return layers.filter(({ hasFilters, shape }) => hasFilters && shape.length === 3).at(-1)!.name;
}

describe('attribution', () => {
  it.each(WITH_ATTRIBUTION)('%s leaves an attribution like the input, and a map', async (id) => {
    const { out, result } = await run(id, 'digits.onnx', '--target', 'seven', '--seed', '3');
    expect(result).toMatchObject({ method: id, kind: 'heatmap', target: 7, seed: 3 });
    expect(result['files']).toEqual(expect.arrayContaining([`${id}.png`, 'attribution.npy', 'map.npy']));
    expect(readNpy(out, 'attribution.npy').shape).toEqual([1, 1, 28, 28]);
    expect(readNpy(out, 'map.npy').shape).toEqual([1, 28, 28]);
  });

  it.each(WITH_ATTRIBUTION)('%s sets one class against another', async (id) => {
    const { result } = await run(id, 'digits.onnx', '--target', '7', '--against', 'one');
    expect(result).toMatchObject({ target: 7, against: 1, againstLabel: 'one' });
    expect(result['title']).toMatch(/ for class seven rather than one$/);
  });

  it.each(WITH_ATTRIBUTION)('%s explains a unit at its strongest place', async (id) => {
    const { result } = await run(id, 'digits.onnx', '--layer', await upperLayer(), '--unit', '1');
    expect((result['metrics'] as Record<string, number[]>)['unit']).toEqual([
      1,
      expect.any(Number),
      expect.any(Number),
    ]);
  });

  it.each(['integrated-gradients', 'deconvnet', 'lrp'])('%s is the same from Keras, in its own layout', async (id) => {
    const [onnx, keras] = [await run(id, 'digits.onnx'), await run(id, 'digits.h5')];
    expect(readNpy(keras.out, 'attribution.npy').shape).toEqual([1, 28, 28, 1]);
    const values = ({ out }: typeof onnx) => Array.from(readNpy(out, 'attribution.npy').values, Number);
    expect(relativeDifference(values(keras), values(onnx))).toBeLessThan(1e-3);
  });

  it('the same seed gives the same bytes of SmoothGrad', async () => {
    const [a, b, c] = await Promise.all(
      ['1', '1', '2'].map((seed) => run('smoothgrad', 'digits.onnx', '--seed', seed)),
    );
    const values = ({ out }: { out: string }) => readNpy(out, 'attribution.npy').values;
    expect(values(a!)).toEqual(values(b!));
    expect(values(a!)).not.toEqual(values(c!));
  });

  it('the relation table has its rows and three attributions', async () => {
    const { out, result } = await run('relation-table', 'digits.onnx', '--layer', await upperLayer(), '--unit', '0');
    expect(result['columns']).toEqual(expect.arrayContaining(['operator', 'backprop', 'DeconvNet', 'guided backprop']));
    expect((result['rows'] as unknown[]).length).toBeGreaterThan(1);
    expect(result['files']).toContain('relation-table.png');
    for (const name of ['backprop', 'deconvnet', 'guided'])
      expect(readNpy(out, `${name}.npy`).shape).toEqual([1, 1, 28, 28]);
  });
});
