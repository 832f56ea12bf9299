import type { Feeds } from '../engines/engine.ts';
import type { Shape } from '../graph/graph.ts';
import { channel, neuron, oneHot, oneHotAt, type Objective } from '../optimization/objectives.ts';
import { probabilityTensor, scoreTensor } from '../scores.ts';
import type { Session } from '../session.ts';
import { usageError } from '../errors.ts';
import { checkRunnable } from '../layers.ts';
import { softmaxProbability, UNIT } from './class-objectives.ts';
import { fetchTensor } from './layer-output.ts';
import type { Context } from './visualizer.ts';

/** What an attribution explains: an objective, and the feed that says which unit of it. */
export interface Goal {
  readonly objective: Objective;
  readonly feeds: Feeds;
  /** `12`, or `12 at 3,4` (y,x). */
  readonly name: string;
  readonly metrics: Readonly<Record<string, readonly number[]>>;
}

/** The class of each image: its score before a final softmax, or its probability after it. */
export function classGoal(session: Session, context: Context, of: 'score' | 'probability'): Goal {
  const { output, targets } = context;
  checkRunnable(session, output, `The output '${output}'`);
  const score = scoreTensor(session.model, output);
  const own = probabilityTensor(session.model, output);
  const probability = own === undefined ? softmaxProbability(score) : channel(own, UNIT);
  return {
    objective: of === 'score' ? channel(score, UNIT) : probability,
    feeds: { [UNIT]: oneHot(targets, session.shapes.get(score)![1]!) },
    name: String(context.target),
    metrics: { class: targets },
  };
}

/** One unit of a layer; of a map without a position, the place where it is strongest in each image. */
export async function unitGoal(session: Session, { layer, units, image, signal }: Context): Promise<Goal> {
  const [unit, ...others] = units!;
  if (!unit || others.length > 0) throw usageError('An attribution explains one unit: give one, as --unit C or C,Y,X.');
  checkRunnable(session, layer.output, `Layer '${layer.name}'`);
  const tensor = layer.output;
  const shape = session.shapes.get(tensor)!.slice(1);
  const images = image.tensor.shape[0]!;
  if (shape.length !== 3) {
    const feeds = { [UNIT]: oneHot(Array<number>(images).fill(unit.channel), shape[0]!) };
    return { objective: channel(tensor, UNIT), feeds, name: `${unit.channel}`, metrics: { unit: [unit.channel] } };
  }
  const place = unit.position;
  const positions = place
    ? Array.from({ length: images }, () => [unit.channel, place.y, place.x])
    : strongest(await fetchTensor(session, tensor, image.feeds, `Layer '${layer.name}'`, signal), unit.channel, shape);
  return {
    objective: neuron(tensor, UNIT),
    feeds: { [UNIT]: oneHotAt(positions, shape) },
    name: `${unit.channel} at ${positions[0]!.slice(1).join(',')}`,
    metrics: { unit: positions[0]! },
  };
}

/** [channel, y, x] of the largest value of a channel, by image. */
function strongest({ data }: { readonly data: Float32Array }, unit: number, [c, h, w]: Shape): number[][] {
  const area = h! * w!;
  return Array.from({ length: data.length / (c! * area) }, (_, n) => {
    const from = (n * c! + unit) * area;
    let best = 0;
    for (let i = 1; i < area; i++) if (data[from + i]! > data[from + best]!) best = i;
    return [unit, Math.floor(best / w!), best % w!];
  });
}
