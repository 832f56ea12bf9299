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

describe('as each framework names its files', () => {
  const files = {
    'src/x.pt': '',
    'src/x.pt2': '',
    'src/x.pth': '',
    'src/x.safetensors': '',
    'src/x.onnx': '',
    'src/deploy.prototxt': '',
    'src/net.caffemodel': '',
    'src/w.h5': '',
    'src/frozen.pb': '',
    'src/pytorch_model.bin': '',
    'src/other.bin': '',
    'saved/net/saved_model.pb': '',
    'src/web/model.json': '',
  };
  it.each<[string, string | undefined]>([
    ["torch.load('x.pt', weights_only=True)", 'src/x.pt'],
    ["model.load_state_dict(torch.load('x.pth'))", 'src/x.pth'],
    ["load_file('x.safetensors')", 'src/x.safetensors'],
    ["torch.export.load('x.pt2')", 'src/x.pt2'],
    ['torch.jit.load("x.pt")', 'src/x.pt'],
    ["torch.load('pytorch_model.bin')", 'src/pytorch_model.bin'],
    ["torch.load('other.bin')", undefined],
    ["torch.load('x.pth')\ntorch.onnx.export(model, x, 'x.onnx')", 'src/x.onnx'],
    ["torch.load('x.pth')\ntorch.onnx.export(model, x, 'gone.onnx')", 'src/x.pth'],
    ["cv2.dnn.readNetFromCaffe('deploy.prototxt', 'net.caffemodel')", 'src/net.caffemodel'],
    ['caffe.Net("deploy.prototxt", caffe.TEST)', 'src/deploy.prototxt'],
    ["caffe.Net('deploy.prototxt', 'net.caffemodel', caffe.TEST)", 'src/net.caffemodel'],
    ["cv2.dnn.readNetFromTensorflow('frozen.pb')", 'src/frozen.pb'],
    ["model.load_weights('w.h5')", 'src/w.h5'],
    ["tf.saved_model.load('saved/net')", 'saved/net/saved_model.pb'],
    ["tf.saved_model.load('../saved/net/')", 'saved/net/saved_model.pb'],
    ["tf.saved_model.save(model, 'saved/net')", 'saved/net/saved_model.pb'],
    ["tf.keras.models.load_model('saved/net')", 'saved/net/saved_model.pb'],
    ["model.export('saved/net')", 'saved/net/saved_model.pb'],
    ["print('saved/net')", undefined],
    ["await tf.loadLayersModel('web/model.json')", 'src/web/model.json'],
    ["await ort.InferenceSession.create('x.onnx')", 'src/x.onnx'],
  ])('%s: %s', async (text, expected) => expect(await modelOf({ files, text })).toBe(expected));

  it('a network’s description beside its weights is no second model', async () => {
    const both = { 'src/deploy.prototxt': '', 'src/net.caffemodel': '' };
    expect(await modelOf({ files: both })).toBe('src/net.caffemodel');
  });
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
