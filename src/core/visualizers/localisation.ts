import { checkCancelled, usageError } from '../errors.ts';
import type { Tensor } from '../graph/tensor.ts';
import { coarsePlaces } from '../localisation/coarse.ts';
import { coloursOf } from '../localisation/colours.ts';
import { boundingBox, largestComponent } from '../localisation/components.ts';
import { graphCut } from '../localisation/graph-cut.ts';
import { seedsOf } from '../localisation/seeds.ts';
import type { HeatmapResult, Result } from '../results.ts';
import { askedMap, askedMethod, attributionMethod } from './asked-method.ts';
import { integer, level, real } from './parameters.ts';
import { visualizer, type Context, type Visualizer } from './visualizer.ts';

/**
 * Where the object is: GraphCut with the strongest pixels of a map as foreground and the weakest as background, the largest
 * connected component of it, and the box around that. The first image of a batch. Arrays: `mask`, H×W of 0 and 1, the
 * component; `cut`, the same before the component is chosen; `map`, as the method gives it. Metrics: `box`, [x0, y0, x1, y1] in
 * pixels of the input, x1 and y1 one beyond the last. Memory: that of the method, and about 260 bytes a pixel.
 */
export const localisation = visualizer({
  id: 'localisation',
  title: 'Localisation',
  description: 'Where the object is: its outline and a box around it, from the strongest and weakest pixels of a map.',
  source: 'Simonyan, Vedaldi & Zisserman 2013, Deep Inside Convolutional Networks, §3.2; Boykov & Jolly 2001, §2',
  needs: ['image', 'class', 'layer?', 'unit?'],
  params: {
    foreground: real({
      default: 0.95,
      min: 0.5,
      max: 1,
      label: 'Object from quantile',
      help: 'Values from this quantile on are of the object.',
    }),
    background: real({
      default: 0.3,
      min: 0,
      max: 0.95,
      label: 'Surroundings to quantile',
      help: 'Values up to this quantile are not of the object.',
    }),
    from: attributionMethod('The method whose map says where the object is.', 'From the map of'),
    mixtures: integer({
      default: 5,
      min: 1,
      max: 20,
      label: 'Gaussians of colour',
      help: 'Gaussians that describe the colours of either side.',
    }),
    smoothness: real({
      default: 10,
      min: 0,
      max: 1e4,
      label: 'Smoothness (λ)',
      help: 'λ: what an outline through one colour costs.',
    }),
    contrast: level(
      ['measured'],
      'σ, the difference of colours (0 to 1) from which on an outline costs little.',
      'Contrast (σ)',
    ),
  },
  async *run(context) {
    const { params } = context;
    const { method } = askedMethod(params.from);
    const steps = askedMap(context, params.from);
    let step = await steps.next();
    while (!step.done) {
      yield { done: step.value.done, total: step.value.total + 1 };
      step = await steps.next();
    }
    checkCancelled(context.signal);
    yield { done: 1, total: 1, result: locate(context, method, step.value, params) };
  },
});

interface Options {
  readonly foreground: number;
  readonly background: number;
  readonly from: string;
  readonly mixtures: number;
  readonly smoothness: number;
  readonly contrast: 'measured' | number;
}

function locate(context: Context, method: Visualizer, explained: HeatmapResult, options: Options): Result {
  const { image, seed } = context;
  const colours = coloursOf(image);
  const { width, height } = colours;
  if (explained.width !== width || explained.height !== height)
    throw usageError(`${options.from} gives no map of the image's size: choose another method by --set from=NAME.`);
  const seeds = seedsOf(explained.values, options.foreground, options.background);
  if (!seeds.foreground.includes(1) || !seeds.background.includes(1))
    throw usageError(
      `The map of ${options.from} tells no part of the image from the rest: choose another by --set from=NAME, such as grad-cam.`,
    );
  const { mixtures: components, smoothness, contrast } = options;
  const cut = graphCut(colours, seeds, { components, smoothness, contrast, seed });
  const mask = largestComponent(cut, width, height);
  const box = boundingBox(mask, width)!;
  const subject = explained.title.slice(explained.title.indexOf(' for ') + 5);
  const share = mask.reduce((sum, value) => sum + value, 0) / mask.length;
  return {
    kind: 'boxes',
    title: `Where ${subject} is, by ${options.from}`,
    width,
    height,
    mask,
    boxes: [{ ...box, label: subject.replace(/^class /, '') }],
    ...(image.picture && { image: image.picture }),
    arrays: { mask: binary(mask, height, width), cut: binary(cut, height, width), map: explained.arrays['map']! },
    metrics: { box: [box.x0, box.y0, box.x1, box.y1], share },
    notes: [...notesOf(image.tensor.shape[0]!, share), ...coarseNotes(options, method, explained)],
  };
}

const binary = (mask: Uint8Array, height: number, width: number): Tensor<'int32'> => ({
  dtype: 'int32',
  shape: [height, width],
  data: Int32Array.from(mask),
});

const notesOf = (images: number, share: number): string[] => [
  ...(images > 1 ? [`This is the first of ${images} images.`] : []),
  ...(share > 0.9
    ? ['The outline holds nearly the whole image: its colours do not tell the object from the rest.']
    : []),
];

function coarseNotes({ foreground }: Options, { id, title }: Visualizer, explained: HeatmapResult): string[] {
  const places = coarsePlaces(id, explained, foreground);
  if (!places) return [];
  const part = Math.round(100 / (places[0] * places[1]));
  return [
    `The map of ${title} has ${places.join(' × ')} places, each ${part} % of the image, which is more than the strongest pixels are to be: outline and box say about where, not what belongs to it. Choose a lower layer, or a map by pixel such as saliency.`,
  ];
}
