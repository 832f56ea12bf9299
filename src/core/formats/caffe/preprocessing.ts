import { LayerscopeError } from '../../errors.ts';
import type { Preprocessing } from '../../model.ts';
import type { ModelFile } from '../format.ts';
import { readMean } from './mean.ts';
import type { Message } from './message.ts';
import type { CaffeLayer, Net } from './net.ts';
import { inTestPhase, isData } from './runnable.ts';

export interface Prepared {
  readonly preprocessing?: Preprocessing;
  readonly warnings: readonly string[];
}

/** What a layer that reads data does to pictures: (pixel − mean) · scale. */
interface Transform {
  readonly scale: number;
  readonly mean: readonly number[];
  readonly meanFile: string;
}

/** The mean of ImageNet's pictures: blue, green, red. */
const USUAL_MEAN = [104, 117, 123];

/**
 * How pictures are prepared, from the first of the nets that says it; Caffe reads them as blue, green, red in 0…255. A mean
 * picture (`mean_file`) is looked for by its name beside the model; its mean by channel is taken.
 */
export async function preparation(file: ModelFile, nets: readonly Net[], channels: number): Promise<Prepared> {
  const transform = nets.map(transformOf).find((one) => one !== undefined);
  if (!transform || (channels !== 1 && channels !== 3)) return { warnings: [] };
  const { scale, meanFile } = transform;
  const as = (mean: readonly number[]): Preprocessing => ({
    channels: channels === 3 ? 'BGR' : 'grey',
    scale,
    mean: Array.from({ length: channels }, (_, c) => (mean[c] ?? mean[0] ?? 0) * scale),
    std: new Array<number>(channels).fill(1),
    resize: 'crop',
  });
  if (meanFile === '') return { preprocessing: as(transform.mean), warnings: [] };
  const name = meanFile.slice(Math.max(meanFile.lastIndexOf('/'), meanFile.lastIndexOf('\\')) + 1);
  const path = (await file.around()).find((one) => one === name || one.endsWith(`/${name}`));
  let why = 'is not beside it';
  if (path !== undefined)
    try {
      return { preprocessing: as(readMean(await file.sibling(path))), warnings: [] };
    } catch (error) {
      if (!(error instanceof LayerscopeError)) throw error;
      why = `can't be read: ${error.message}`;
    }
  const usual = channels === 3 ? `; ${USUAL_MEAN.join(', ')} is taken` : '';
  return {
    warnings: [`Its mean picture '${name}' ${why}${usual}.`],
    ...(channels === 3 && { preprocessing: as(USUAL_MEAN) }),
  };
}

function transformOf({ layers }: Net): Transform | undefined {
  const data = layers.filter((layer) => isData(layer) || layer.settings.has('transform_param'));
  return [...data.filter(inTestPhase), ...data].map(transformOfLayer).find((one) => one !== undefined);
}

/** Old files have the settings in those of the data. */
const PLACES = ['transform_param', 'data_param', 'image_data_param', 'window_data_param'];
const SETTINGS = ['scale', 'mean_value', 'mean_file', 'crop_size'];

function transformOfLayer({ settings }: CaffeLayer): Transform | undefined {
  const place = PLACES.map((name) => settings.message(name)).find((param) => SETTINGS.some((name) => param.has(name)));
  return place && readTransform(place);
}

const readTransform = (param: Message): Transform => ({
  scale: param.number('scale', 1),
  mean: param.numbers('mean_value'),
  meanFile: param.text('mean_file', ''),
});
