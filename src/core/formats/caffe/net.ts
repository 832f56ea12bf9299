import { damaged } from '../failure.ts';
import type { Message, Values } from './message.ts';
import { upgradedLayers } from './upgrade.ts';

/** Learned values as the file has them. */
export interface Blob {
  /** As the file says it; of old files, four sizes. */
  readonly shape: readonly number[];
  readonly values: Values;
  /** In bytes, of a value: single, double or half precision. */
  readonly width: 4 | 8 | 2;
}

export interface CaffeLayer {
  /** May be empty, or another layer's too. */
  readonly name: string;
  readonly type: string;
  readonly bottoms: readonly string[];
  readonly tops: readonly string[];
  readonly settings: Message;
  readonly blobs: readonly Blob[];
  /** Names by which parameters are shared between layers; '' for a parameter of its own. */
  readonly shared: readonly string[];
}

export interface NetInput {
  readonly name: string;
  /** With the batch; empty where the file does not say it. */
  readonly shape: readonly number[];
}

export interface Net {
  readonly inputs: readonly NetInput[];
  readonly layers: readonly CaffeLayer[];
}

/** The net of a file, all phases, in today's form. Throws where it has no layers. */
export function netOf(message: Message): Net {
  const layers = upgradedLayers(message).map(caffeLayer);
  if (layers.length === 0) throw damaged("no layers: no network ('layer { … }' was expected)");
  return { inputs: declaredInputs(message), layers };
}

function caffeLayer(settings: Message): CaffeLayer {
  const name = settings.text('name', '');
  const type = settings.text('type', '');
  if (type === '') throw damaged(`layer '${name}' has no type`);
  return {
    name,
    type,
    bottoms: settings.texts('bottom'),
    tops: settings.texts('top'),
    settings,
    blobs: settings.messages('blobs').map((blob, i) => readBlob(blob, `blob ${i} of layer '${name}'`)),
    shared: settings.messages('param').map((param) => param.text('name', '')),
  };
}

/** Where a blob's values stand, and their shape. Throws where the two don't fit. */
export function readBlob(blob: Message, of: string): Blob {
  const field = ['data', 'double_data', 'raw_data'].find((name) => blob.has(name));
  const pieces = blob.all(field ?? '') as readonly Values[];
  if (pieces.length > 1)
    throw damaged(`the values of ${of} stand in ${pieces.length} pieces; save it again with Caffe`);
  const width = field === 'double_data' ? 8 : field === 'raw_data' ? rawWidth(blob, of) : 4;
  const values = pieces[0] ?? { offset: 0, length: 0 };
  const shape = blob.has('shape')
    ? blob.message('shape').numbers('dim')
    : ['num', 'channels', 'height', 'width'].map((size) => blob.number(size, 0));
  const count = shape.reduce((product, size) => product * size, 1);
  if (shape.some((size) => !Number.isSafeInteger(size) || size < 0) || count * width !== values.length)
    throw damaged(
      `${of} declares [${shape.join(', ')}], but has ${values.length} bytes of values of ${width} bytes; copy the file again`,
    );
  return { shape, values, width };
}

/** Bytes of a value in NVIDIA's Caffe, which says its type. */
function rawWidth(blob: Message, of: string): 2 | 4 | 8 {
  const width = ([8, 4, 2] as const)[blob.number('raw_data_type', -1)];
  if (!width) throw damaged(`${of} has values of a type that is not known; save it again with single precision`);
  return width;
}

/** `input` with `input_shape`, or four `input_dim` each. */
function declaredInputs(message: Message): NetInput[] {
  const names = message.texts('input');
  const shapes = message.messages('input_shape').map((shape) => shape.numbers('dim'));
  const sizes = message.numbers('input_dim');
  if (sizes.length > 0 && shapes.length === 0) {
    if (sizes.length !== 4 * names.length)
      throw damaged(`${names.length} input(s) with ${sizes.length} input_dim; four for each were expected`);
    for (let i = 0; i < sizes.length; i += 4) shapes.push(sizes.slice(i, i + 4));
  }
  if (shapes.length > 0 && shapes.length !== names.length)
    throw damaged(`${names.length} input(s) with ${shapes.length} input_shape; one for each was expected`);
  return names.map((name, i) => ({ name, shape: shapes[i] ?? [] }));
}
