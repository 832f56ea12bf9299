import { goalOf } from '../attribution/goal.ts';
import { gradientsOfImages } from '../attribution/gradients.ts';
import { reduction } from '../attribution/parameters.ts';
import { reducedHeatmap } from '../attribution/reduced-heatmap.ts';
import { conservation } from '../attribution/conservation.ts';
import { backwardRule } from '../graph/rules/index.ts';
import { oneOf, real } from './parameters.ts';
import { visualizer } from './visualizer.ts';

const RULES = {
  epsilon: {
    title: 'LRP-ε',
    rest: 'Biases and ε keep the rest.',
    rule: ({ epsilon }: Values) => backwardRule('lrp-epsilon', { epsilon }),
  },
  'alpha-beta': {
    title: 'LRP-αβ',
    rest: 'Biases keep the rest.',
    rule: ({ alpha }: Values) => backwardRule('lrp-alpha-beta', { alpha }),
  },
  'z-plus': {
    title: 'LRP z⁺',
    rest: 'The rest ends at units that nothing adds to.',
    rule: () => backwardRule('z-plus'),
  },
};

interface Values {
  readonly epsilon: number;
  readonly alpha: number;
}

/**
 * Layer-wise relevance propagation: the class score, shared out layer by layer among what made it (`rules/lrp`). What arrives at
 * the pixels sums up to the score, but for what biases and ε keep: metric `relevance`, beside `score`.
 * Arrays: `attribution`; `map`, N×H×W. Memory: one backward pass for each image of a batch (`planBatches`).
 */
export const lrp = visualizer({
  id: 'lrp',
  title: 'Relevance (LRP)',
  description: 'Shares the class score out, layer by layer, among what made it, down to the pixels.',
  source: 'Bach, Binder, Montavon, Klauschen, Müller & Samek 2015, On Pixel-Wise Explanations (eq. 58, 60)',
  needs: ['image', 'class', 'layer?', 'unit?'],
  measures: 'share',
  params: {
    rule: oneOf(
      ['epsilon', 'alpha-beta', 'z-plus'],
      'All contributions together; positive and negative ones apart (β = α − 1); or positive ones alone, without biases.',
    ),
    epsilon: real({
      default: 1e-3,
      min: 0,
      max: 10,
      label: 'ε',
      help: "Of LRP-ε: how much small sums are kept from making large shares, as a part of a layer's typical value.",
    }),
    alpha: real({
      default: 2,
      min: 1,
      max: 100,
      label: 'α',
      help: 'Of LRP-αβ: the weight of the positive contributions.',
    }),
    reduce: reduction(['signed', 'max', 'sum']),
  },
  async *run(context) {
    const { params } = context;
    const goal = await goalOf(context);
    const { title, rest, rule } = RULES[params.rule];
    const { gradients: attribution, values } = await gradientsOfImages(context, goal, { rule: rule(params) });
    const { relevance, notes } = conservation(attribution, values, goal, rest);
    yield {
      done: 1,
      total: 1,
      result: reducedHeatmap({
        context,
        goal,
        title,
        attribution,
        reduce: params.reduce,
        metrics: { score: Array.from(values), relevance },
        notes,
      }),
    };
  },
});
