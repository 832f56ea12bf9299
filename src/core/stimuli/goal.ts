import { producers, type Graph } from '../graph/graph.ts';
import { channel, neuron, type Objective } from '../optimization/objectives.ts';
import { probabilityTensor, scoreTensor } from '../scores.ts';
import { softmaxProbability, UNIT } from '../visualizers/class-objectives.ts';
import type { Context } from '../visualizers/visualizer.ts';

/** What climbs. */
export interface StimulusGoal {
  /** The tensor whose units climb: the layer's output, or the scores before a final softmax. */
  readonly tensor: string;
  readonly objective: Objective;
  /** What a user should know of it. */
  readonly note?: string;
}

type Asked = Pick<Context, 'session' | 'layer' | 'units'>;

/** One position, or the mean over a channel's map; of a dense layer the unit, of a class its score, or its probability. */
export function stimulusGoal({ session: { model }, layer, units }: Asked, of: 'score' | 'probability'): StimulusGoal {
  const { graph } = model;
  const isOutput = graph.outputs.includes(layer.output);
  const tensor = isOutput ? scoreTensor(model, layer.output) : layer.output;
  if (isOutput && of === 'probability') {
    const own = probabilityTensor(model, layer.output);
    return { tensor, objective: own === undefined ? softmaxProbability(tensor) : channel(own, UNIT) };
  }
  const ofScores = tensor !== layer.output && { note: 'Climbed: the scores before the softmax.' };
  if (units?.[0]?.position) return { tensor, objective: neuron(tensor, UNIT), ...ofScores };
  if (!isLinear(graph, tensor)) return { tensor, objective: channel(tensor, UNIT), ...ofScores };
  const note = `${layer.name} is a linear filter, whose mean would only show its brightest border: climbed is the mean of what is above zero.`;
  return { tensor, objective: positivePart(tensor), note };
}

/** Mean over the map of max(0, a). Feed as `channel`. */
const positivePart = (tensor: string): Objective => ({
  key: `positive(${tensor})`,
  tensors: [tensor],
  write(builder, shapes) {
    const positive = builder.add('Relu', [tensor]);
    return channel(positive, UNIT).write(builder, new Map([...shapes, [positive, shapes.get(tensor)!]]));
  },
});

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
