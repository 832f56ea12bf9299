import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findModel, type CodeOfModel } from '../../../src/extension/code/find-model.ts';
import { matchesGlob } from '../../../src/extension/code/glob.ts';

const ROOT = path.resolve('/work');

interface Case {
  /** What is there, by path relative to the workspace. */
  readonly files: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly settings?: Readonly<Record<string, readonly string[]>>;
  readonly remembered?: string;
  readonly isModel?: boolean;
}

/** The model that src/train.py means, relative to the workspace. */
async function modelOf({ files, text = '', settings = {}, remembered, isModel = false }: Case) {
  const there = new Map(Object.entries(files).map(([name, content]) => [path.join(ROOT, name), content]));
  const found = await findModel(
    { path: path.join(ROOT, 'src/train.py'), text, isModel },
    {
      settings: Object.entries(settings).map(([model, code]): CodeOfModel => ({
        model: path.join(ROOT, model),
        code,
        root: ROOT,
      })),
      folders: [ROOT],
      remembered: remembered === undefined ? undefined : path.join(ROOT, remembered),
      exists: async (file) => there.has(file),
      list: async (folder) =>
        [...there.keys()].filter((file) => path.dirname(file) === folder).map((file) => path.basename(file)),
      read: async (file) => there.get(file),
    },
  );
  return found === undefined ? undefined : path.relative(ROOT, found).replaceAll(path.sep, '/');
}

describe('which model a file of code means', () => {
  const files = { 'src/a.h5': '', 'src/b.h5': '', 'models/c.onnx': '', 'models/d.keras': '' };

  it.each<[string, Case, string | undefined]>([
    ['itself, where it is one', { files, isModel: true, settings: { 'src/a.h5': ['**'] } }, 'src/train.py'],
    [
      'the setting, before anything else',
      { files, settings: { 'models/c.onnx': ['src/*.py'] }, text: '"a.h5"' },
      'models/c.onnx',
    ],
    ['not a setting whose model is gone', { files, settings: { 'gone.h5': ['src/*.py'] }, text: '"a.h5"' }, 'src/a.h5'],
    ['not a setting of other code', { files, settings: { 'models/c.onnx': ['other/*.py'] } }, undefined],
    ['a path in a string, from the code on', { files, text: "model.save('b.h5')" }, 'src/b.h5'],
    ['a path in a string, from the workspace on', { files, text: 'load("models/d.keras")' }, 'models/d.keras'],
    ['the first of several strings that is there', { files, text: '"gone.h5", "b.h5", "a.h5"' }, 'src/b.h5'],
    [
      'the model before its weights',
      { files: { ...files, 'src/a.weights.h5': '' }, text: '"a.weights.h5" "a.h5"' },
      'src/a.h5',
    ],
    ['not half of an f-string', { files, text: "f'b.h5'" }, undefined],
    ['the only one in its folder', { files: { 'src/only.onnx': '', 'models/c.onnx': '' } }, 'src/only.onnx'],
    ['none of several in its folder', { files }, undefined],
    ['what was chosen before, of several', { files, remembered: 'models/c.onnx' }, 'models/c.onnx'],
    ['not what was chosen before and is gone', { files, remembered: 'gone.h5' }, undefined],
    [
      'the one whose description counts it among its code',
      { files: { ...files, 'src/b.layerscope.json': '{"code": ["train.py"]}' } },
      'src/b.h5',
    ],
    [
      'of one description and two formats, the one that the code names',
      { files: { ...files, 'src/b.onnx': '', 'src/b.layerscope.json': '{"code": ["*.py"]}' }, text: '"b.onnx"' },
      'src/b.onnx',
    ],
    ['nothing by a broken description', { files: { ...files, 'src/b.layerscope.json': '{"code"' } }, undefined],
  ])('%s', async (_, given, expected) => expect(await modelOf(given)).toBe(expected));
});

describe('globs', () => {
  it.each([
    ['src/train.py', 'src/*.py', true],
    ['src/deep/train.py', 'src/*.py', false],
    ['src/deep/train.py', 'src/**/*.py', true],
    ['src/train.py', 'src/**/*.py', true],
    ['src/train.py', 'train.py', true],
    ['src/train.py', './src/train.py', true],
    ['src/train.py', '**/{test,train}.py', true],
    ['src/trainXpy', '*.py', false],
    ['src/a+b.py', 'src/a+b.py', true],
    ['a.py', '?.py', true],
    ['ab.py', '?.py', false],
  ])('%s %s: %s', (file, glob, expected) => expect(matchesGlob(file, glob)).toBe(expected));
});
