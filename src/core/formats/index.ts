import { LayerscopeError, fileError } from '../errors.ts';
import type { Model } from '../model.ts';
import { checkModel } from './check.ts';
import { readModelFile } from './file.ts';
import { foreign } from './foreign.ts';
import type { Format } from './format.ts';
import { caffe } from './caffe/index.ts';
import { kerasArchitecture } from './keras/architecture.ts';
import { kerasArchive } from './keras/archive.ts';
import { keras } from './keras/index.ts';
import { onnx } from './onnx/index.ts';
import { pytorch } from './pytorch/index.ts';
import { safetensors } from './pytorch/safetensors.ts';
import { tensorflow } from './tensorflow/index.ts';
import { tfjs } from './tfjs/index.ts';

/** The formats that are read, in the order in which they are tried. */
export const FORMATS: readonly Format[] = [
  onnx,
  keras,
  kerasArchive,
  safetensors,
  pytorch,
  tensorflow,
  kerasArchitecture,
  tfjs,
  caffe,
];

/** The formats with their files' endings, for a person. */
export const FORMAT_NAMES = FORMATS.map(({ title, extensions }) => `${title} (${extensions.join(', ')})`).join(', ');

/** Opens a model file of any format. Rejects with a file error that says the file, the place in it and what to do. */
export async function openModel(path: string): Promise<Model> {
  const file = await readModelFile(path);
  const other = foreign(file);
  if (other !== undefined) throw fileError(path, other);
  const format = FORMATS.find((candidate) => candidate.match(file));
  if (!format) throw fileError(path, `no model format that is known; expected ${FORMAT_NAMES}`);
  try {
    const model = await format.open(file);
    checkModel(model);
    return { ...model, file: file.path, format: format.id, sha256: await file.sha256(), parts: file.parts };
  } catch (error) {
    if (error instanceof LayerscopeError && error.kind !== 'file') throw error;
    const what = error instanceof LayerscopeError ? error.message : `not a ${format.title} file as it should be`;
    throw fileError(path, what, error);
  }
}
