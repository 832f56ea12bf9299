import { producers, type Graph } from '../graph/graph.ts';
import { channel, energy, neuron, plus, positivePart, through, type Objective } from '../optimization/objectives.ts';
import { probabilityTensor, scoreTensor } from '../scores.ts';
import { softmaxProbability, UNIT } from '../visualizers/class-objectives.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { beforeActivation, withoutCeiling } from './before-activation.ts';
import type { Choice } from './choice.ts';

/** What climbs of a class: its score before the softmax, or its probability. */
export type ClassValue = 'score' | 'probability';

/** What climbs. */
export interface StimulusGoal {
  /** The tensor whose units climb: the layer's output, or the scores before a final softmax. */
  readonly tensor: string;
  /** Feed what each picture weighs the units with as `FEEDS[of]`; where both climb, the other is zero. */
  readonly objective: Objective;
  /** What is said of the finished pictures, where that is not what climbs. */
  readonly answer?: Objective;
  readonly of: readonly ClassValue[];
  /** What a user should know of it. */
  readonly notes: readonly string[];
}

/** The inputs of an objective for the weights of units, by what climbs. */
export const FEEDS: Readonly<Record<ClassValue, string>> = { score: UNIT, probability: 'layerscope/probability' };

type Asked = Pick<Context, 'session' | 'layer' | 'units' | 'output'>;

/** The tensor whose units are meant: a layer's output; of one that classifies, the scores before a final softmax. */
export const meantTensor = ({ session: { model }, layer }: Pick<Context, 'session' | 'layer'>): string =>
  model.graph.outputs.includes(layer.output) ? scoreTensor(model, layer.output) : layer.output;

/** Whether a layer is what classifies, or the scores of that. */
const isClassifier = ({ session: { model }, layer }: Pick<Context, 'session' | 'layer'>): boolean =>
  model.graph.outputs.includes(layer.output);

/**
 * One position, or the mean over a channel's map; of a dense layer the unit, of a class its score, or its probability; ½ mean φ² of
 * a whole layer. What is to be small is looked at before the activation function, which has no less than nothing.
 */
export function stimulusGoal(
  context: Asked,
  { objective: kind, negative }: Pick<Choice, 'objective' | 'negative'>,
  of: readonly ClassValue[],
): StimulusGoal {
  const { session, layer, units } = context;
  const { graph } = session.model;
  const tensor = meantTensor(context);
  const classes = isClassifier(context) && kind !== 'layer';
  const parts = classes ? of : (['score'] as const);
  const notes = tensor !== layer.output && parts.includes('score') ? ['Climbed: the scores before the softmax.'] : [];
  const answer = parts
    .map((part) => (part === 'probability' ? probability(session.model, layer.output, tensor) : score()))
    .reduce(plus);
  const unbounded =
    parts.includes('probability') || kind === 'layer' || negative ? undefined : withoutCeiling(graph, tensor);
  if (!unbounded) return { tensor, objective: answer, of: parts, notes };
  notes.push('Climbed: without the ceiling of the activation function, at which nothing changes any more.');
  const position = units?.[0]?.position;
  const objective = through(unbounded, (one) => (position ? neuron : channel)(one, FEEDS.score));
  return { tensor, objective, answer, of: parts, notes };

  function score(): Objective {
    const weights = FEEDS.score;
    if (kind === 'layer') return energy(tensor, weights);
    const before = negative ? beforeActivation(graph, tensor) : undefined;
    if (before) notes.push('Made small: the values before the activation function.');
    const on = (objective: (tensor: string) => Objective) => (before ? through(before, objective) : objective(tensor));
    if (units?.[0]?.position) return on((one) => neuron(one, weights));
    if (!(before?.tensors ?? [tensor]).every((one) => isLinear(graph, one))) return on((one) => channel(one, weights));
    notes.push(
      `${layer.name} is a linear filter, whose mean would only show its brightest border: climbed is the mean of what is above zero.`,
    );
    return on((one) => positivePart(one, weights));
  }
}

const probability = (model: Context['session']['model'], output: string, scores: string): Objective => {
  const own = probabilityTensor(model, output);
  return own === undefined ? softmaxProbability(scores, FEEDS.probability) : channel(own, FEEDS.probability);
};

const LINEAR = new Set(
  'Conv BatchNormalization Add Sub Mul Div Pad Identity AveragePool Concat Slice Transpose'.split(' '),
);

/** Whether a tensor is a linear function of the input. */
function isLinear(graph: Graph, tensor: string): boolean {
  const made = producers(graph);
  const queue = [tensor];
  const seen = new Set<string>();
  for (const name of queue) {
    const node = made.get(name);
    if (!node || seen.has(name)) continue;
    if (!LINEAR.has(node.op)) return false;
    seen.add(name);
    queue.push(...node.inputs);
  }
  return seen.size > 0;
}
