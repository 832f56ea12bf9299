import { labelOf } from '../classes.ts';
import type { Feeds } from '../engines/engine.ts';
import { usageError } from '../errors.ts';
import type { Shape } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';
import { checkRunnable } from '../layers.ts';
import { channel, neuron, oneHot, oneHotAt, type Objective } from '../optimization/objectives.ts';
import { probabilityTensor, scoreTensor } from '../scores.ts';
import { softmaxProbability, UNIT } from '../visualizers/class-objectives.ts';
import { fetchTensor } from '../visualizers/layer-output.ts';
import type { Context } from '../visualizers/visualizer.ts';

/** What an attribution explains: an objective with one value an image, and the feeds that say which unit it means. */
export interface Goal {
  readonly objective: Objective;
  /** A row for each image of the context. */
  readonly feeds: Readonly<Record<string, Tensor<'float32'>>>;
  /** Where it is about scores of classes: those whose weights are not zero. */
  readonly classes?: readonly number[];
  /** For a person: `class cat`, `class cat rather than dog`, `unit 12 at 3,4 of fire2` (y,x). */
  readonly name: string;
  /** What the objective's values are. */
  readonly measure: 'score' | 'probability';
  readonly metrics: Readonly<Record<string, readonly number[]>>;
}

/**
 * What the user asks about: a unit where one is given, else the class, or the class against another one: S_a − S_b.
 * `of`: the class score before a final softmax, or the probability after it; a unit is explained as it is.
 * Rejects with a usage error where there are several units, or the network can't be run so far.
 */
export const goalOf = async (context: Context, of: Goal['measure'] = 'score'): Promise<Goal> =>
  context.units ? unitGoal(context) : classGoal(context, of);

function classGoal({ session, output, targets, target, against }: Context, of: Goal['measure']): Goal {
  checkRunnable(session, output, `The output '${output}'`);
  const score = scoreTensor(session.model, output);
  const own = probabilityTensor(session.model, output);
  const probability = own === undefined ? softmaxProbability(score) : channel(own, UNIT);
  const classes = session.shapes.get(score)![1]!;
  const chosen = oneHot(targets, classes);
  // Both objectives are linear in the classes' weights: the difference is one more weight, and the same program.
  if (against !== undefined) targets.forEach((_, image) => (chosen.data[image * classes + against] = -1));
  const { labels } = session.description;
  return {
    objective: of === 'score' ? channel(score, UNIT) : probability,
    feeds: { [UNIT]: chosen },
    ...(of === 'score' && { classes: [...new Set(against === undefined ? targets : [...targets, against])] }),
    name: `class ${labelOf(labels, target)}${against === undefined ? '' : ` rather than ${labelOf(labels, against)}`}`,
    measure: of,
    metrics: { class: targets, ...(against !== undefined && { against: [against] }) },
  };
}

/** One unit of a layer; of a map without a position, the place where it is strongest in each image. */
async function unitGoal({ session, layer, units, image, signal }: Context): Promise<Goal> {
  const [unit, ...others] = units!;
  if (!unit || others.length > 0) throw usageError('An attribution explains one unit: give one, as --unit C or C,Y,X.');
  checkRunnable(session, layer.output, `Layer '${layer.name}'`);
  const tensor = layer.output;
  const shape = session.shapes.get(tensor)!.slice(1);
  const images = image.tensor.shape[0]!;
  if (shape.length !== 3)
    return {
      objective: channel(tensor, UNIT),
      feeds: { [UNIT]: oneHot(Array<number>(images).fill(unit.channel), shape[0]!) },
      name: `unit ${unit.channel} of ${layer.name}`,
      measure: 'score',
      metrics: { unit: [unit.channel] },
    };
  const place = unit.position;
  const positions = place
    ? Array.from({ length: images }, () => [unit.channel, place.y, place.x])
    : strongest(await fetchTensor(session, tensor, image.feeds, `Layer '${layer.name}'`, signal), unit.channel, shape);
  return {
    objective: neuron(tensor, UNIT),
    feeds: { [UNIT]: oneHotAt(positions, shape) },
    name: `unit ${unit.channel} at ${positions[0]!.slice(1).join(',')} of ${layer.name}`,
    measure: 'score',
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

/** Everything that a run of some images of the context is fed with but the input itself: row i is that of `images[i]`. */
export function rowsFor(
  { image, session }: Pick<Context, 'image' | 'session'>,
  goal: Goal,
  images: readonly number[],
): Feeds {
  const fed = new Set(session.model.graph.inputs.map(({ name }) => name));
  const others = Object.entries(image.feeds).filter(([name]) => name !== image.input.name && fed.has(name));
  const all = [...others, ...Object.entries(goal.feeds)] as [string, Tensor<'float32'>][];
  return Object.fromEntries(all.map(([name, tensor]) => [name, rows(tensor, images)]));
}

function rows(tensor: Tensor<'float32'>, images: readonly number[]): Tensor<'float32'> {
  const [count, ...shape] = tensor.shape as [number, ...number[]];
  if (images.length === count && images.every((image, i) => image === i)) return tensor;
  const size = tensor.data.length / count;
  const data = new Float32Array(images.length * size);
  images.forEach((image, i) => {
    const row = Math.min(image, count - 1);
    data.set(tensor.data.subarray(row * size, (row + 1) * size), i * size);
  });
  return { dtype: 'float32', shape: [images.length, ...shape], data };
}
