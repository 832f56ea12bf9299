import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import imagenetLabels from '../../media/imagenet-labels.json';
import type { Description, DescriptionSource } from './description.ts';
import { readDescription, readLabels, type DescriptionFile } from './description-file.ts';
import { fileError } from './errors.ts';
import { inferShapes } from './graph/shapes.ts';
import type { Model, Preprocessing } from './model.ts';
import { guessPreset } from './presets.ts';
import type { OpenOptions } from './request.ts';
import { scoreTensor } from './scores.ts';

export { PRESETS } from './presets.ts';

/** Where a model's description lies: `NAME.layerscope.json` beside it. */
export const descriptionPath = (model: string): string =>
  join(dirname(model), `${basename(model, extname(model))}.layerscope.json`);

/**
 * What is known of a model's input and classes: what the user says (`options`), else the file beside the model, else what the
 * model itself says, else a guess. Relative paths lie beside the model. Rejects with a file error for a description or labels
 * that can't be read.
 */
export async function describe(model: Model, options: OpenOptions = {}): Promise<Description> {
  const path = descriptionPath(model.file);
  const file = (await readDescription(path)) ?? {};
  const { input, source } = preparation(model, path, file, options);
  const labels = await classLabels(model, file, options);
  const images = options.sampleImages ?? file.sampleImages;
  return {
    input,
    source,
    ...(labels && { labels }),
    ...(images !== undefined && { sampleImages: beside(model, images) }),
  };
}

type Given = Partial<Preprocessing>;

function preparation(model: Model, path: string, file: DescriptionFile, options: OpenOptions) {
  const shape = model.inputs[0]?.shape ?? [];
  const guess = guessPreset(shape, model.format).input;
  const known: { input: Preprocessing; source: DescriptionSource } = model.preprocessing
    ? { input: model.preprocessing, source: 'model' }
    : { input: guess, source: 'guess' };
  const given = [file.input, options.input].map(whatIsGiven).filter((one) => Object.keys(one).length > 0);
  const input = given.reduce<Preprocessing>(withGiven, known.input);
  for (const name of ['mean', 'std'] as const) {
    const count = input[name].length;
    if (given.length > 0 && shape.length === 4 && count !== 1 && count !== shape[1])
      throw fileError(path, `input.${name}: ${count} numbers; expected 1, or ${shape[1]}, one for each channel.`);
  }
  return given.length > 0 ? { input, source: 'description' as const } : known;
}

const whatIsGiven = (input: Given = {}): Given =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));

/** Scale, mean and deviation belong together: where one is given, those left out change nothing. */
function withGiven(known: Preprocessing, given: Given): Preprocessing {
  const numbers = given.scale !== undefined || given.mean !== undefined || given.std !== undefined;
  return { ...known, ...(numbers && { scale: 1, mean: [0], std: [1] }), ...given };
}

async function classLabels(model: Model, file: DescriptionFile, options: OpenOptions) {
  const given = options.labels ?? file.labels;
  if (typeof given === 'string') return readLabels(beside(model, given));
  return given ?? model.labels ?? guessedLabels(model);
}

/** A thousand classes are taken for ImageNet's; one more stands before them where "background" is a class. */
function guessedLabels(model: Model): readonly string[] | undefined {
  const shapes = inferShapes(model.graph);
  const counts = model.graph.outputs.map((output) => shapes.get(scoreTensor(model, output))?.[1]);
  if (counts.includes(1000)) return imagenetLabels;
  return counts.includes(1001) ? ['background', ...imagenetLabels] : undefined;
}

const beside = ({ file }: Model, path: string) => (isAbsolute(path) ? path : resolve(dirname(file), path));
