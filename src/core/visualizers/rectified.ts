import { arrival, type Arrival } from '../attribution/arrival.ts';
import { goalOf, type Goal } from '../attribution/goal.ts';
import { gradientsOfImages } from '../attribution/gradients.ts';
import { reduction } from '../attribution/parameters.ts';
import { reducedHeatmap } from '../attribution/reduced-heatmap.ts';
import { reduceChannels } from '../attribution/reduce.ts';
import { unitToExplain } from '../attribution/unit-to-explain.ts';
import { backwardRule, type BackwardRule } from '../graph/rules/index.ts';
import { range } from '../images/range.ts';
import { oneOf } from './parameters.ts';
import { visualizer, type Context, type Visualizer } from './visualizer.ts';

type Declared = Pick<Visualizer, 'id' | 'title' | 'description' | 'source'>;

/**
 * A backward pass whose rectifiers also look at the sign of what comes back, from a class or from one unit at its strongest place,
 * where all other values of its layer are zero. Arrays: `attribution`, what arrives at the input; `map`, N×H×W.
 * Memory: that of one gradient for each image of a batch (`planBatches`).
 */
export const rectified = (rule: 'deconvnet' | 'guided', declared: Declared): Visualizer =>
  visualizer({
    ...declared,
    needs: ['image', 'class', 'layer?', 'unit?'],
    params: {
      switches: oneOf(
        ['recorded', 'none'],
        'Where max-pooling sends values back: to where the largest was, or to the centre of its window.',
        'Max-pool switches',
      ),
      seed: oneOf(
        ['one', 'value'],
        'What is sent back: one, or the value that the class score or the unit has.',
        'Sent back',
      ),
      reduce: reduction(['max', 'sum', 'signed']),
    },
    async *run(context) {
      const { image, params } = context;
      const goal = await goalOf(context);
      const { switches, seed } = params;
      const backward = backwardRule(rule, { switches, seed });
      const { gradients, values } = await gradientsOfImages(context, goal, { rule: backward });
      const arrived = context.unread
        ? undefined
        : await arrival(context, goal, gradients, seed === 'value' ? values[0]! : 1);
      const drawn = (attribution: Float32Array) => reduceChannels(attribution, image.tensor.shape, params.reduce);
      const signed = params.reduce === 'signed';
      yield {
        done: 1,
        total: 1,
        result: reducedHeatmap({
          context,
          goal,
          title: declared.title,
          attribution: gradients,
          reduce: params.reduce,
          metrics: { [goal.measure]: Array.from(values) },
          ...(arrived?.lost && {
            least: range(drawn(arrived.gradient).data, { signed, percentile: 99 })[1],
            notes: [await lostNote(context, goal, declared.title, backward, arrived)],
          }),
        }),
      };
    },
  });

/** What is to be said, and looked at instead, where nothing to speak of arrives at the input. */
async function lostNote(
  context: Context,
  { name }: Pick<Goal, 'name'>,
  method: string,
  rule: BackwardRule,
  { share }: Pick<Arrival, 'share'>,
): Promise<string> {
  const why =
    share > 0 && share < Infinity
      ? `Next to nothing that ${method} sends back from ${name} gets past the rectifiers: ${percent(share)} of what the gradient is, in stray spots that say nothing of it, so colours are spread as for the gradient.`
      : `The map is zero everywhere: nothing that ${method} sends back from ${name} gets past the rectifiers.`;
  const other = context.units ? undefined : await unitToExplain(context, rule);
  return other ? `${why} Single units are seen better: choose layer ${other.layer}, unit ${other.unit}.` : why;
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(1))} %`;
