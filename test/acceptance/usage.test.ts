import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeNpy } from '../../src/core/arrays/npy.ts';
import { float32 } from '../../src/core/graph/tensor.ts';
import { layerscope, readJson, SAMPLES, temporaryFolder } from './cli.ts';

const MODEL = join(SAMPLES, 'digits.onnx');
const run = (method: string, ...options: string[]) => layerscope('run', method, '--model', MODEL, ...options);

describe('layerscope', () => {
  it('says its version and what it can do', async () => {
    const { version } = readJson('package.json');
    expect(await layerscope('--version')).toEqual({ status: 0, stdout: `${String(version)}\n`, stderr: '' });
    const help = await layerscope('--help');
    expect(help.status).toBe(0);
    for (const command of ['inspect', 'methods', 'run', 'export', 'bench']) expect(help.stdout).toContain(command);
  });

  it('lists the methods with their parameters', async () => {
    const { stdout } = await layerscope('methods', '--json');
    const methods = JSON.parse(stdout) as { id: string; parameters: Record<string, unknown>; source: string }[];
    const ids = methods.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['filters', 'activations', 'predictions', 'saliency']));
    const saliency = methods.find(({ id }) => id === 'saliency')!;
    expect(saliency.parameters['reduce']).toMatchObject({
      type: 'choice',
      default: 'max',
      values: ['max', 'sum', 'signed'],
    });
    expect(saliency.source).toContain('Simonyan');
    const text = await layerscope('methods');
    for (const id of ids) expect(text.stdout).toContain(id);
  });

  it('describes one method', async () => {
    const { status, stdout } = await layerscope('run', 'saliency', '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('reduce = max | sum | signed, default max');
  });
});

describe('wrong use ends with status 2 and one line', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = temporaryFolder();
    writeFileSync(file('wrong.npy'), encodeNpy(float32(new Float32Array(75), [1, 5, 5, 3])));
  });

  it.each([
    ['an unknown command', ['inspekt'], /There is no command 'inspekt'\. The nearest: 'inspect'/],
    ['an unknown option', ['inspect', MODEL, '--jsn'], /There is no option '--jsn'\. The nearest: '--json'/],
    ['no model', ['inspect'], /MODEL is missing/],
    ['one argument too many', ['methods', 'x'], /'x' is one argument too many/],
    [
      'an unknown method',
      ['run', 'salience', '--model', MODEL, '--out', 'o'],
      /There is no method 'salience'\. The nearest: 'saliency'/,
    ],
    ['a value that is missing', ['run', 'saliency', '--model'], /--model/],
    ['no folder', ['run', 'filters', '--model', MODEL], /Give --out DIR/],
    [
      'an engine that is not there',
      ['run', 'filters', '--model', MODEL, '--engine', 'abacus', '--out', 'o'],
      /There is no engine 'abacus'/,
    ],
    ['a seed that is no number', ['run', 'filters', '--model', MODEL, '--seed', 'x', '--out', 'o'], /--seed 'x'/],
    [
      '--set without a value',
      ['run', 'saliency', '--model', MODEL, '--set', 'reduce', '--out', 'o'],
      /--set 'reduce' is not name=value/,
    ],
    [
      'an unknown parameter',
      ['run', 'saliency', '--model', MODEL, '--set', 'reduc=max', '--out', 'o'],
      /no parameter 'reduc'.*'reduce'.*reduce = max \| sum \| signed/,
    ],
    [
      'a value that is not allowed',
      ['run', 'saliency', '--model', MODEL, '--set', 'of=logit', '--out', 'o'],
      /'logit' is not allowed for of\. Allowed: of = score \| probability/,
    ],
    [
      'data for a method without',
      ['run', 'saliency', '--model', MODEL, '--data', '.', '--out', 'o'],
      /does not take --data/,
    ],
  ] as const)('%s', async (_, args, message) => {
    const { status, stdout, stderr } = await layerscope(...args);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('a layer that is not there, a unit beyond the last, an image left out', async () => {
    const out = ['--out', file('out')];
    const { stdout } = await layerscope('inspect', MODEL, '--json');
    const layers = (JSON.parse(stdout) as { layers: { name: string; shape: number[] }[] }).layers;
    const layer = layers.find(({ shape }) => shape.length === 3 && shape[0]! > 1)!;
    const unknown = await run('activations', '--layer', `${layer.name}x`, ...out);
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain(`There is no layer '${layer.name}x'. The nearest: '${layer.name}'`);
    const beyond = await run('filters', '--layer', layer.name, '--unit', '9999', ...out);
    expect(beyond.status).toBe(2);
    expect(beyond.stderr).toContain(`there is no 9999`);
    const noImage = await run('activations', '--layer', layer.name, ...out);
    expect(noImage.status).toBe(2);
    expect(noImage.stderr).toContain('--image');
  });

  it('an array of another shape: both shapes are said', async () => {
    const { status, stderr } = await run('predictions', '--image', file('wrong.npy'), '--out', file('out'));
    expect(status).toBe(2);
    expect(stderr).toContain('its shape is 1×5×5×3');
    expect(stderr).toMatch(/takes N×1×28×28|takes 1×1×28×28/);
  });
});

describe('files that can’t be read end with status 3', () => {
  const folder = temporaryFolder();
  const file = (name: string) => join(folder, name);

  it('a model that is not there, or is no model', async () => {
    writeFileSync(file('notes.onnx'), 'these are notes, not a network');
    for (const name of ['missing.onnx', 'notes.onnx']) {
      const { status, stderr } = await layerscope('inspect', file(name));
      expect(status).toBe(3);
      expect(stderr).toContain(name);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('an image that is not there, or is none; the stack only with --verbose', async () => {
    writeFileSync(file('not.png'), 'not a picture');
    writeFileSync(file('short.npy'), encodeNpy(float32(new Float32Array(784), [1, 1, 28, 28])).subarray(0, 500));
    for (const name of ['missing.png', 'not.png', 'short.npy']) {
      const { status, stderr } = await run('predictions', '--image', file(name), '--out', file('out'));
      expect(status).toBe(3);
      expect(stderr).toContain(name);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
    const { stderr } = await run('predictions', '--image', file('not.png'), '--out', file('out'), '--verbose');
    expect(stderr).toMatch(/\n\s+at /);
  });

  it('a folder that can’t be written', async () => {
    writeFileSync(file('taken'), '');
    const { stdout } = await layerscope('inspect', MODEL, '--json');
    const { layers } = JSON.parse(stdout) as { layers: { name: string; hasFilters: boolean }[] };
    const layer = layers.find(({ hasFilters }) => hasFilters)!.name;
    const { status, stderr } = await run('filters', '--layer', layer, '--out', file('taken'));
    expect(status).toBe(3);
    expect(stderr).toContain('taken');
  });
});
