import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDescription } from '../../../src/core/description-file.ts';
import { descriptionPath } from '../../../src/core/describe.ts';
import { descriptionFile, writeDescription } from '../../../src/extension/panels/description.ts';

let folder: string;
let model: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'layerscope-'));
  model = path.join(folder, 'net.v2.onnx');
  file = path.join(folder, 'net.v2.layerscope.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const input = { channels: 'BGR', scale: 1, mean: [104, 117, 123], std: [1], resize: 'squash' } as const;

describe('writeDescription', () => {
  it('writes what core reads', async () => {
    await writeDescription(model, { input, engine: 'auto' });
    expect(descriptionFile(model)).toBe(descriptionPath(model));
    expect(await readDescription(file)).toEqual({ input });
    expect(readFileSync(file, 'utf8')).toMatch(/^\{\n {2}"input": \{\n[^]*\n\}\n$/);
  });

  it('keeps what it does not change', async () => {
    writeFileSync(file, '\uFEFF{"code": ["train.py"], "labels": ["a", "b"], "input": {"scale": 2}}');
    await writeDescription(model, { input });
    expect(await readDescription(file)).toEqual({ code: ['train.py'], labels: ['a', 'b'], input });
  });

  it.each([
    ['{"input": ', 'it is not JSON'],
    ['["a"]', 'it is not an object { … }'],
    ['null', 'it is not an object { … }'],
  ])('leaves a file alone that holds %s', async (text, what) => {
    writeFileSync(file, text);
    await expect(writeDescription(model, { input })).rejects.toThrow(
      `${file}: ${what}, so nothing was changed; correct or remove the file and try again.`,
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('says where it can’t write', async () => {
    await expect(writeDescription(path.join(folder, 'none', 'a.h5'), { input })).rejects.toThrow(
      "a.layerscope.json: it can't be written (ENOENT).",
    );
  });
});
