import { goalOf, type Goal } from '../attribution/goal.ts';
import { gradientsOfImages } from '../attribution/gradients.ts';
import { heatmap, isZero } from '../attribution/heatmap.ts';
import { reduction } from '../attribution/parameters.ts';
import { reduceChannels } from '../attribution/reduce.ts';
import { unitToExplain } from '../attribution/unit-to-explain.ts';
import { backwardRule, type BackwardRule } from '../graph/rules/index.ts';
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
      ),
      seed: oneOf(['one', 'value'], 'What is sent back: one, or the value that the class score or the unit has.'),
      reduce: reduction(['max', 'sum', 'signed']),
    },
    async *run(context) {
      const { image, params } = context;
      const goal = await goalOf(context);
      const { switches, seed } = params;
      const backward = backwardRule(rule, { switches, seed });
      const { gradients, values } = await gradientsOfImages(context, goal, { rule: backward });
      const notes = isZero(gradients) ? [await zeroNote(context, goal, declared.title, backward)] : [];
      yield {
        done: 1,
        total: 1,
        result: heatmap({
          context,
          goal,
          title: declared.title,
          attribution: gradients,
          map: reduceChannels(gradients, image.tensor.shape, params.reduce),
          signed: params.reduce === 'signed',
          metrics: { [goal.measure]: Array.from(values) },
          notes,
        }),
      };
    },
  });

/** What is to be said, and looked at instead, where nothing arrives at the input. */
async function zeroNote(context: Context, { name }: Goal, method: string, rule: BackwardRule): Promise<string> {
  const why = `The map is zero everywhere: nothing that ${method} sends back from ${name} gets past the rectifiers.`;
  const other = context.units ? undefined : await unitToExplain(context, rule);
  return other ? `${why} Single units are seen better: choose layer ${other.layer}, unit ${other.unit}.` : why;
}
