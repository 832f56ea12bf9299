import { basename, extname } from 'node:path';
import type { ModelFile } from './format.ts';

/** A kind of file that is not read, known by its first bytes or by its ending. */
interface Foreign {
  /** What it is; a format by its name alone. */
  readonly format?: string;
  readonly what?: string;
  readonly magic?: readonly (readonly [at: number, text: string])[];
  readonly extensions?: readonly string[];
  /** What to do instead, where it is not `TO_ONNX`. */
  readonly advice?: (name: string, stem: string) => string;
}

const TO_ONNX = 'open the model that it was made from, or export that as ONNX (.onnx)';

const FOREIGN: readonly Foreign[] = [
  {
    what: 'a pointer of Git LFS, not the file itself',
    magic: [[0, 'version https://git-lfs.github.com/spec/']],
    advice: () => 'fetch it: git lfs pull',
  },
  {
    what: 'a web page, not a model',
    magic: [
      [0, '<!doctype html'],
      [0, '<html'],
    ],
    advice: () => 'download the model again',
  },
  {
    what: 'a picture, not a model',
    magic: [
      [0, '\u0089PNG'],
      [0, '\u00ff\u00d8\u00ff'],
    ],
    advice: () => 'open a model, then choose this as its image',
  },
  { what: 'packed with gzip', magic: [[0, '\u001f\u008b']], advice: (name) => `unpack it: gunzip ${name}` },
  {
    format: 'TensorFlow Lite',
    magic: [[4, 'TFL3']],
    extensions: ['.tflite'],
    advice: (name, stem) => `make ONNX of it: python -m tf2onnx.convert --tflite ${name} --output ${stem}.onnx`,
  },
  {
    format: 'PaddlePaddle',
    extensions: ['.pdmodel', '.pdiparams', '.pdparams'],
    advice: (_, stem) =>
      `make ONNX of it: paddle2onnx --model_dir . --model_filename ${stem}.pdmodel --params_filename ${stem}.pdiparams --save_file ${stem}.onnx`,
  },
  {
    format: 'MATLAB',
    magic: [
      [0, 'MATLAB 5.0 MAT-file'],
      [0, 'MATLAB 7.3 MAT-file'],
    ],
    extensions: ['.mat'],
    advice: (_, stem) => `export ONNX there: exportONNXNetwork(net, '${stem}.onnx')`,
  },
  {
    what: 'arrays of NumPy, which say nothing of the network that they belong to',
    magic: [[0, '\u0093NUMPY']],
    extensions: ['.npy', '.npz'],
    advice: () => 'load them into it in Python, and export that as ONNX (.onnx)',
  },
  { format: 'ONNX Runtime', magic: [[4, 'ORTM']], extensions: ['.ort'] },
  { format: 'Core ML', extensions: ['.mlmodel', '.mlmodelc', '.mlpackage'] },
  { format: 'OpenVINO', extensions: ['.xml'] },
  { format: 'TensorRT', extensions: ['.engine', '.plan', '.trt'] },
  { format: 'Darknet', extensions: ['.weights', '.cfg'] },
  { format: 'Torch 7', extensions: ['.t7'] },
  { format: 'MXNet', extensions: ['.params'] },
  { format: 'ncnn', extensions: ['.param'] },
  { format: 'MNN', extensions: ['.mnn'] },
  { format: 'GGUF', magic: [[0, 'GGUF']], extensions: ['.gguf'] },
];

/** Of a file of a kind that is known but not read: what it is, and what to do instead. */
export function foreign({ path, head }: Pick<ModelFile, 'path' | 'head'>): string | undefined {
  const start = Buffer.from(head.subarray(0, 64)).toString('latin1').toLowerCase();
  const ending = extname(path).toLowerCase();
  const found = FOREIGN.find(
    ({ magic = [], extensions = [] }) =>
      magic.some(([at, text]) => start.startsWith(text.toLowerCase(), at)) || extensions.includes(ending),
  );
  if (!found) return undefined;
  const name = basename(path);
  const advice = found.advice?.(name, name.slice(0, name.length - ending.length)) ?? TO_ONNX;
  return `${found.what ?? `of ${found.format}'s format, which is not read`}; ${advice}`;
}
