import { baselineOf } from '../attribution/baseline.ts';
import { goalOf } from '../attribution/goal.ts';
import { paced } from '../attribution/paced.ts';
import { OF } from '../attribution/parameters.ts';
import { asMaps } from '../attribution/reduce.ts';
import { usageError } from '../errors.ts';
import { classView } from '../occlusion/class-view.ts';
import { passes } from '../occlusion/passes.ts';
import { occlusionResult } from '../occlusion/result.ts';
import { placeWindows } from '../occlusion/windows.ts';
import { integer, level, oneOf } from './parameters.ts';
import { visualizer } from './visualizer.ts';

/**
 * S(x) − S(x with a window replaced), for windows all over the image. Arrays: `map`, N×H×W, at each pixel the mean (or sum) over the
 * windows that hide it; `attribution`, the same in the shape of the input; of a class `predictions`, N×rows×columns, the class
 * that the network sees with each window hidden. Metrics: `windows`, how many; `window`, `stride`.
 * One forward pass a window and one more. Memory: `BATCH_BYTES` for all batches that are under way, unless one image alone takes
 * more, and 12 bytes a window.
 */
export const occlusion = visualizer({
  id: 'occlusion',
  title: 'Occlusion',
  description: 'What the class score loses when a part of the image is hidden: part by part, all over the image.',
  source: 'Zeiler & Fergus 2014, Visualizing and Understanding Convolutional Networks, §4.2',
  needs: ['image', 'class', 'layer?', 'unit?'],
  params: {
    window: integer({
      default: 0,
      min: 0,
      max: 4096,
      unit: 'px',
      label: 'Hidden square',
      zero: 'automatic',
      help: "Side of the square that is hidden; 0: a seventh of the image's shorter side, 32 at 224.",
    }),
    stride: integer({
      default: 0,
      min: 0,
      max: 4096,
      unit: 'px',
      label: 'Moved by',
      zero: 'automatic',
      help: 'How far it moves from one place to the next; 0: half its side, 16 at 224.',
    }),
    value: level(
      ['mean'],
      "What it is filled with: the mean image, or a number in the network's own units.",
      'Filled with',
    ),
    overlap: oneOf(
      ['mean', 'sum'],
      'Where several squares hide a pixel: the mean of what they cost, or the sum.',
      'Where squares overlap',
    ),
    border: oneOf(
      ['cut', 'drop'],
      'A last square that does not fit: cut off at the border, or left out.',
      'Squares at the border',
    ),
    show: oneOf(
      ['score', 'class'],
      'The picture: what the score loses, or which class the network sees with each part hidden.',
      'Shown',
    ),
    batch: integer({
      default: 0,
      min: 0,
      max: 1024,
      label: 'Copies at once',
      zero: 'automatic',
      help: 'Copies of the image that run together; 0: as many as is fast.',
    }),
    of: OF,
  },
  async *run(context) {
    const { params, image, units } = context;
    if (units && params.show === 'class')
      throw usageError('A unit sees no classes: leave show at score, or explain a class.');
    const goal = await goalOf(context, params.of);
    const [, , height, width] = asMaps(image.tensor.shape);
    const windows = placeWindows(height, width, params);
    const cover = baselineOf(context, params.value);
    yield* paced(passes(context, goal, { windows, cover, batch: params.batch }), ({ answers }) => {
      const map = occlusionResult(context, { goal, windows, answers, overlap: params.overlap });
      return params.show === 'score' ? map : classView(context, windows, answers, map);
    });
  },
});
