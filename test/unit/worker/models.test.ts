import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/core/session.ts';
import { Models } from '../../../src/worker/models.ts';

describe('opened models', () => {
  let folder: string;
  let log: string[];
  let models: Models;
  const file = (name: string) => path.join(folder, name);
  const write = (name: string, text: string) => fs.writeFileSync(file(name), text);
  const use = (name: string, options = {}) => models.use(file(name), options, () => {});
  const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerscope-models-'));
    log = [];
    for (const name of 'abcd') write(`${name}.onnx`, name);
    models = new Models(async (opened) => {
      const name = path.basename(opened, '.onnx');
      log.push(`open ${name}`);
      if (!fs.existsSync(opened)) throw new Error('gone');
      const shard = file(`${name}.bin`);
      const parts = fs.existsSync(shard)
        ? [{ path: shard, size: fs.statSync(shard).size, modified: fs.statSync(shard).mtimeMs }]
        : [];
      return { model: { parts }, dispose: async () => void log.push(`close ${name}`) } as unknown as Session;
    });
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  it('stay open', async () => {
    await use('a.onnx');
    await use('a.onnx');
    expect(log).toEqual(['open a']);
  });

  it('are opened anew when the file, its description or the options have changed', async () => {
    await use('a.onnx');
    write('a.onnx', 'changed');
    await use('a.onnx');
    write('a.layerscope.json', '{}');
    await use('a.onnx');
    await use('a.onnx', { engine: 'onnxruntime' });
    await settled();
    expect(log.filter((line) => line === 'open a')).toHaveLength(4);
    expect(log.filter((line) => line === 'close a')).toHaveLength(3);
  });

  it('are opened anew when another file that they consist of has changed', async () => {
    write('a.bin', 'weights');
    await use('a.onnx');
    await use('a.onnx');
    expect(log).toEqual(['open a']);
    write('a.bin', 'other weights');
    await use('a.onnx');
    await settled();
    expect(log).toEqual(['open a', 'open a', 'close a']);
  });

  it('the least recently used is closed first', async () => {
    for (const name of ['a', 'b', 'c', 'a', 'd']) await use(`${name}.onnx`);
    await settled();
    expect(log.filter((line) => line.startsWith('close'))).toEqual(['close b']);
  });

  it('one that is in use is closed when it is no longer', async () => {
    let release = () => {};
    let using: Promise<void> | undefined;
    await new Promise<void>((started) => {
      using = models.use(file('a.onnx'), {}, () => {
        started();
        return new Promise<void>((resolve) => (release = resolve));
      });
    });
    for (const name of ['b', 'c', 'd']) await use(`${name}.onnx`);
    await settled();
    expect(log).not.toContain('close a');
    release();
    await using;
    await use('b.onnx');
    await settled();
    expect(log.filter((line) => line.startsWith('close'))).toHaveLength(1);
    models.close(file('b.onnx'));
    await settled();
    expect(log).toContain('close b');
  });

  it('one that can’t be opened is tried again', async () => {
    await expect(use('e.onnx')).rejects.toThrow('gone');
    write('e.onnx', 'e');
    await expect(use('e.onnx')).resolves.toBeUndefined();
  });
});
