import { baselineOf } from '../attribution/baseline.ts';
import { goalOf } from '../attribution/goal.ts';
import { checkCancelled, usageError } from '../errors.ts';
import { asMaps } from '../attribution/reduce.ts';
import type { HeatmapResult } from '../results.ts';
import { infidelity } from '../trust/infidelity.ts';
import { pixelCurve, randomOrder, strongestFirst } from '../trust/pixel-curve.ts';
import { randomisation } from '../trust/randomisation.ts';
import { emptyFindings, trustResult, type Findings } from '../trust/result.ts';
import { sensitivity } from '../trust/sensitivity.ts';
import { askedMap, askedMethod, attributionMethod } from './asked-method.ts';
import { flag, integer, level, real, someOf } from './parameters.ts';
import { visualizer, type Context } from './visualizer.ts';

/** Progress is counted in hundredths. */
const TOTAL = 100;
/** A measurement has ended when its result is there, not before. */
const MOST = 0.99;

const METRICS = ['deletion', 'insertion', 'randomisation', 'sensitivity-max', 'infidelity'] as const;

/**
 * How far a map is to be believed. The first image of a batch. Arrays: `curve`, rows: x, then y of each curve over the pixels; `random`,
 * rows: y of the same for a random order;
 * `randomisation`, rows: rank correlation, SSIM. Metrics: `area` of each curve, also as `deletion`, `insertion`, and `deletion-random`, `insertion-random`; `rank-correlation`
 * and `ssim` by stop; `sensitivity-max`; `infidelity` under the optimal scaling, `infidelity-relative`. Memory: that of the
 * method, and the network's weights once more for randomisation.
 */
export const trust = visualizer({
  id: 'trust',
  title: 'Trust',
  description:
    'Which map to believe: whether the pixels that it points at matter, and whether it depends on what was learned.',
  source:
    'Petsiuk, Das & Saenko 2018, RISE, §4; Adebayo et al. 2018, Sanity Checks for Saliency Maps, §3; Yeh et al. 2019, On the (In)fidelity and Sensitivity of Explanations, §2, §4',
  question: 'Trust',
  needs: ['image', 'class', 'layer?', 'unit?'],
  params: {
    of: attributionMethod('The method whose map is put to the test.', 'The map of'),
    metrics: someOf(METRICS, 'What is measured.', 'Measured'),
    steps: integer({
      default: 100,
      min: 1,
      max: 10000,
      label: 'Points of a curve',
      help: 'Points of a curve: in each step as many pixels go.',
    }),
    deleted: level(['mean', 'zero', 'blur'], 'What stands in for a deleted pixel.', 'Deleted pixels become'),
    start: level(['blur', 'mean', 'zero'], 'The picture that pixels are inserted into.', 'Insertion begins with'),
    reference: flag(
      true,
      'Beside each curve that of a random order: what no map at all would do.',
      'Beside a random order',
    ),
    stops: integer({
      default: 6,
      min: 1,
      max: 200,
      label: 'Layers made random',
      help: 'At how many layers from the top down weights become random.',
    }),
    samples: integer({
      default: 10,
      min: 1,
      max: 1000,
      label: 'Images nearby',
      help: 'Images near this one, for sensitivity-max.',
    }),
    radius: real({
      default: 0.02,
      min: 0,
      max: 1,
      label: 'How near',
      help: "How near: a part of the image's range of values.",
    }),
    squares: integer({
      default: 200,
      min: 2,
      max: 10000,
      label: 'Random squares',
      help: 'Random squares that are covered, for infidelity.',
    }),
  },
  async *run(whole) {
    const { params } = whole;
    const context = firstImage(whole as Context);
    const asked = askedMethod(params.of);
    const { method } = asked;
    const metrics = METRICS.filter((metric) => params.metrics.split(',').includes(metric));
    const at = (done: number) => ({ done: Math.floor((TOTAL * done) / (metrics.length + 1)), total: TOTAL });
    const steps = askedMap(context, params.of);
    let step = await steps.next();
    for (; !step.done; step = await steps.next()) yield at(step.value.done / step.value.total);
    const explained = step.value;
    checkSize(context, method.id, explained);
    const goal = await goalOf(context, context.units ? 'score' : 'probability');
    const image = context.image.tensor.data;
    const curvesEach = params.reference ? 2 : 1;
    let found: Findings = emptyFindings;
    let done = 1;
    const update = (part = 0) => ({ ...at(done + part), result: trustResult({ method, explained, goal, found }) });

    for (const metric of metrics) {
      checkCancelled(context.signal);
      if (metric === 'deletion' || metric === 'insertion') {
        const other = baselineOf(context, metric === 'deletion' ? params.deleted : params.start);
        const [before, after] = metric === 'deletion' ? [image, other] : [other, image];
        const measure = async function* (name: string, order: Uint32Array, from: number) {
          const curve = pixelCurve(context, goal, { name, order, before, after, steps: params.steps });
          let part = await curve.next();
          for (; !part.done; part = await curve.next()) yield at(done + from + (part.value / curvesEach) * MOST);
          return part.value;
        };
        const curve = yield* measure(metric, strongestFirst(explained.values), 0);
        found = { ...found, curves: [...found.curves, curve] };
        if (params.reference) {
          const order = randomOrder(explained.values.length, context.seed);
          const reference = yield* measure(`${metric}, random order`, order, 1 / curvesEach);
          found = { ...found, references: [...found.references, reference] };
        }
      } else if (metric === 'randomisation') {
        for await (const part of randomisation(context, asked, explained, params.stops)) {
          found = { ...found, randomisation: part.found };
          yield update((part.done / part.total) * MOST);
        }
      } else if (metric === 'sensitivity-max') {
        for await (const part of sensitivity(context, asked, explained, params)) {
          found = { ...found, sensitivity: part.found };
          yield at(done + (part.done / part.total) * MOST);
        }
      } else {
        const cover = baselineOf(context, 'mean');
        const score = await goalOf(context, 'score');
        const parts = infidelity(context, score, explained, { method: method.id, samples: params.squares, cover });
        let part = await parts.next();
        for (; !part.done; part = await parts.next()) yield at(done + part.value * MOST);
        found = { ...found, infidelity: part.value };
      }
      done++;
      yield update();
    }
  },
});

function checkSize({ image }: Context, method: string, { width, height }: HeatmapResult): void {
  const [, , rows, columns] = asMaps(image.tensor.shape);
  if (rows !== height || columns !== width)
    throw usageError(`The map of ${method} is not of the image's size: choose another method by --set of=NAME.`);
}

/** The context with the first of its images alone. */
function firstImage(context: Context): Context {
  const { image, targets } = context;
  if (image.tensor.shape[0] === 1) return context;
  const size = image.tensor.data.length / image.tensor.shape[0]!;
  const tensor = {
    ...image.tensor,
    shape: [1, ...image.tensor.shape.slice(1)],
    data: image.tensor.data.slice(0, size),
  };
  return {
    ...context,
    targets: targets.slice(0, 1),
    image: { ...image, tensor, feeds: { ...image.feeds, [image.input.name]: tensor } },
  };
}
