import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { decodeNpy } from './arrays/npy.ts';
import { fileError, usageError } from './errors.ts';
import { BATCH } from './graph/graph.ts';
import { showShape } from './graph/shapes.ts';
import { elements, float32, type Tensor } from './graph/tensor.ts';
import { decodeImage } from './images/decode.ts';
import { toInput, toPicture } from './images/preprocess.ts';
import { checkHasGraph } from './layers.ts';
import { declaredShape, fromDeclaredLayout } from './layouts.ts';
import type { ModelInput } from './model.ts';
import { nearest, quoted } from './nearest.ts';
import type { ImageSource } from './request.ts';
import type { Picture } from './results.ts';
import type { Session } from './session.ts';
import type { InputImage } from './visualizers/visualizer.ts';

interface Choice {
  /** The input that the image is for; default the first. */
  readonly input?: string;
  /** `.npy` files for the others, by input name. */
  readonly feeds?: Readonly<Record<string, string>>;
}

/**
 * Reads the network's input: a picture prepared as the model's description says, or an `.npy` array as it is, in the
 * layout that the file declares. Rejects with a usage error (no such input, a shape that does not fit, an input left
 * out) or a file error.
 */
export async function loadInput(session: Session, source: ImageSource, choice: Choice = {}): Promise<InputImage> {
  checkHasGraph(session.model, 'The model');
  const { inputs } = session.model;
  const input = choice.input === undefined ? inputs[0]! : findInput(inputs, choice.input);
  const others = await Promise.all(
    Object.entries(choice.feeds ?? {}).map(async ([name, path]) => [
      name,
      await loadArray(findInput(inputs, name), path),
    ]),
  );
  const feeds = Object.fromEntries(others) as Record<string, Tensor<'float32'>>;
  const missing = inputs.filter(({ name }) => name !== input.name && !feeds[name]);
  if (missing.length > 0)
    throw usageError(
      `The model has ${inputs.length} inputs. Give the others too: ` +
        missing.map((one) => `--feed ${one.name}=FILE.npy (${showShape(declaredShape(one))})`).join(', '),
    );

  const name = 'path' in source ? basename(source.path) : source.name;
  const { input: preprocessing } = session.description;
  const isArray = 'path' in source && source.path.toLowerCase().endsWith('.npy');
  const tensor = isArray
    ? await loadArray(input, source.path)
    : await preparePicture(session, source, checkTakesPictures(input));
  const picture = takesPictures(input) ? toPicture(tensor, preprocessing) : undefined;
  return {
    name,
    input,
    tensor,
    feeds: { ...feeds, [input.name]: tensor },
    ...(picture && { picture }),
    ...(!isArray && { photo: () => loadPicture(source) }),
  };
}

async function loadArray(input: ModelInput, path: string): Promise<Tensor<'float32'>> {
  const { shape, values } = decodeNpy(await readBytes(path), path);
  const declared = declaredShape(input);
  const fits =
    shape.length === declared.length && declared.every((size, axis) => size === BATCH || size === shape[axis]);
  if (!fits || elements(shape) === 0)
    throw usageError(
      `${path}: its shape is ${showShape(shape)}, the input '${input.name}' takes ${showShape(declared)} (${input.layout}).`,
    );
  const data = Float32Array.from(values);
  const odd = data.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0)
    throw fileError(
      path,
      `the value at [${placeOf(odd, shape).join(', ')}] is ${values[odd]}; finite numbers were expected.`,
    );
  return fromDeclaredLayout(float32(data, shape), input);
}

/** The index by axis of the i-th value. */
function placeOf(i: number, shape: readonly number[]): number[] {
  return shape.map((size, axis) => Math.floor(i / elements(shape.slice(axis + 1))) % size);
}

const takesPictures = ({ shape }: ModelInput) => shape.length === 4 && (shape[1] === 1 || shape[1] === 3);

function checkTakesPictures(input: ModelInput): ModelInput {
  if (takesPictures(input)) return input;
  throw usageError(
    `The input '${input.name}' takes ${showShape(declaredShape(input))}, which is no picture: give an .npy file of that shape.`,
  );
}

/** A panel asks for the same picture several times, and decoding takes longer than a run: the last ones are kept. */
const KEPT_PICTURES = 4;
const prepared = new WeakMap<Session, Map<string, Tensor<'float32'>>>();

async function preparePicture(session: Session, source: ImageSource, input: ModelInput): Promise<Tensor<'float32'>> {
  const make = async () => toInput(await loadPicture(source), input, session.description.input);
  const file = 'path' in source && (await stat(source.path).catch(() => undefined));
  if (!file) return make();
  const key = [input.name, source.path, file.mtimeMs, file.size].join(' ');
  const kept = prepared.get(session) ?? new Map<string, Tensor<'float32'>>();
  prepared.set(session, kept);
  const tensor = kept.get(key) ?? (await make());
  kept.delete(key);
  kept.set(key, tensor);
  if (kept.size > KEPT_PICTURES) kept.delete(kept.keys().next().value!);
  return tensor;
}

async function loadPicture(source: ImageSource): Promise<Picture> {
  if ('path' in source) return decodeImage(await readBytes(source.path), source.path);
  const { width, height, rgba, name } = source;
  if (rgba.length !== width * height * 4)
    throw fileError(name, `${width}×${height} pixels need ${width * height * 4} bytes, there are ${rgba.length}.`);
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let c = 0; c < 3; c++) rgb[pixel * 3 + c] = rgba[pixel * 4 + c]!;
  return { width, height, rgb };
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === 'ENOENT' ? 'there is no such file.' : code === 'EISDIR' ? 'it is a folder.' : String(error);
    throw fileError(path, why, error);
  }
}

function findInput(inputs: readonly ModelInput[], name: string): ModelInput {
  const input = inputs.find((candidate) => candidate.name === name);
  if (input) return input;
  const names = inputs.map((candidate) => candidate.name);
  throw usageError(`The model has no input '${name}'. It has: ${quoted(nearest(name, names, names.length))}.`);
}
