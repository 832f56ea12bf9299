import { labelOf } from '../classes.ts';
import { checkCancelled, usageError } from '../errors.ts';
import { float32 } from '../graph/tensor.ts';
import { toDeclaredLayout } from '../layouts.ts';
import { gradientProgram, GRADIENT, VALUE } from '../optimization/program.ts';
import type { HeatmapResult } from '../results.ts';
import { classGoal, unitGoal, type Goal } from './attribution-goal.ts';
import { oneOf } from './parameters.ts';
import { visualizer, type Context } from './visualizer.ts';

type Reduction = 'max' | 'sum' | 'signed';

/**
 * Which pixels a class score, or a unit, is most sensitive to: max over channels of |∂S_c/∂x|.
 * Arrays: `attribution`, the gradient in the shape and layout of the input that the file declares; `map`, N×H×W.
 */
export const saliency = visualizer({
  id: 'saliency',
  title: 'Saliency',
  description: 'Which pixels change the class score (or a chosen unit) most when they change a little.',
  source: 'Simonyan, Vedaldi & Zisserman 2013, Deep Inside Convolutional Networks, §3',
  needs: ['image', 'class', 'layer?', 'unit?'],
  params: {
    reduce: oneOf(
      ['max', 'sum', 'signed'],
      'Over the colour channels: the largest magnitude, the sum of magnitudes, or the sum with its sign.',
    ),
    of: oneOf(['score', 'probability'], 'The class score before the softmax, or the probability after it.'),
  },
  async *run(context) {
    const { session, image, params, signal } = context;
    const goal = context.units ? await unitGoal(session, context) : classGoal(session, context, params.of);
    const { name } = image.input;
    const program = () => gradientProgram(session.model.graph, goal.objective, { input: name });
    const found = await session.run(`gradient(${goal.objective.key},${name})`, program, {
      ...image.feeds,
      ...goal.feeds,
    });
    checkCancelled(signal);
    const gradient = float32(found[GRADIENT]!.data as Float32Array, image.tensor.shape);
    yield { done: 1, total: 1, result: heatmap(context, goal, gradient.data, Array.from(found[VALUE]!.data, Number)) };
  },
});

function heatmap(context: Context, goal: Goal, gradient: Float32Array, values: number[]): HeatmapResult {
  const { image, params } = context;
  const reduction = params['reduce'] as Reduction;
  const { shape } = image.tensor;
  if (shape.length < 2) throw usageError(`The input '${image.input.name}' has no axis to explain.`);
  const map = reduceChannels(gradient, shape, reduction);
  const [, height, width] = map.shape as readonly [number, number, number];
  const what = context.units
    ? `unit ${goal.name} of ${context.layer.name}`
    : `class ${labelOf(context.session.description.labels, context.target)}`;
  return {
    kind: 'heatmap',
    title: `Saliency for ${what}`,
    width,
    height,
    values: map.data.slice(0, height * width),
    signed: reduction === 'signed',
    ...(image.picture && { image: image.picture }),
    arrays: { attribution: toDeclaredLayout(float32(gradient, shape), image.input), map },
    metrics: { [params['of'] === 'probability' && !context.units ? 'probability' : 'score']: values, ...goal.metrics },
    notes: map.data.every((value) => value === 0)
      ? [`The gradient is zero everywhere: ${what} does not react to small changes of this image.`]
      : [],
  };
}

/** N×C×H×W to N×H×W; inputs that are no maps become rows: N×1×features. */
function reduceChannels(gradient: Float32Array, shape: readonly number[], reduction: Reduction) {
  const [images, channels, height, width] =
    shape.length === 4 ? (shape as readonly [number, number, number, number]) : rows(shape);
  const area = height * width;
  const map = new Float32Array(images * area);
  for (let n = 0; n < images; n++)
    for (let i = 0; i < area; i++) {
      let value = 0;
      for (let c = 0; c < channels; c++) {
        const g = gradient[(n * channels + c) * area + i]!;
        if (reduction === 'max') value = Math.max(value, Math.abs(g));
        else value += reduction === 'sum' ? Math.abs(g) : g;
      }
      map[n * area + i] = value;
    }
  return float32(map, [images, height, width]);
}

function rows(shape: readonly number[]): [number, number, number, number] {
  const width = shape.at(-1)!;
  return [shape[0]!, 1, shape.slice(1, -1).reduce((product, size) => product * size, 1), width];
}
