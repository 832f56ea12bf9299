import { usageError } from '../errors.ts';
import type { Shape } from '../graph/graph.ts';
import { nodeFlops } from '../graph/costs.ts';
import { prune, withInputSize } from '../graph/passes.ts';
import { redirectedReluRule, type BackwardRule } from '../graph/rules/index.ts';
import { inferShapes } from '../graph/shapes.ts';
import { float32 } from '../graph/tensor.ts';
import { checkRunnable } from '../layers.ts';
import type { ModelInput, Preprocessing } from '../model.ts';
import { oneHot, oneHotAt } from '../optimization/objectives.ts';
import { PictureBatch } from '../optimization/picture-batch.ts';
import { PictureParameters } from '../optimization/picture-parameters.ts';
import { pictureSize, transformsFor, windowSize, type Size, type Transforms } from '../optimization/picture-size.ts';
import { gradientProgram, GRADIENT, VALUE } from '../optimization/program.ts';
import { random } from '../optimization/random.ts';
import { Viewer } from '../optimization/transforms.ts';
import { UNIT } from './class-objectives.ts';
import { stimulusObjective, type StimulusObjective } from './stimulus-objective.ts';
import { TRANSFORMS, type StimulusContext } from './stimulus-parameters.ts';
import type { Unit } from './visualizer.ts';

/** Units that are shown when none are named. */
const FIRST = 9;
/** Operations of the forward pass, and images, that one step may take: Cancel waits for a step. */
const STEP_FLOPS = 8e9;
const STEP_IMAGES = 16;

/** All that is decided before the first step. */
export interface StimulusPlan {
  readonly context: StimulusContext;
  readonly input: ModelInput;
  readonly units: readonly Unit[];
  readonly goal: StimulusObjective;
  /** Of the picture, and of the window through which the network sees it. */
  readonly size: Size;
  readonly window: Size;
  readonly transforms: Transforms;
}

/** Throws a usage error where the layer does not see one picture, or can't take the size that is asked for. */
export function planStimuli(context: StimulusContext): StimulusPlan {
  const { session, layer, params } = context;
  checkRunnable(session, layer.output, `Layer '${layer.name}'`);
  const input = pictureInput(context);
  const goal = stimulusObjective(context);
  const channels = session.shapes.get(goal.tensor)![1]!;
  const units: readonly Unit[] =
    context.units ?? Array.from({ length: Math.min(FIRST, channels) }, (_, i) => ({ channel: i }));
  const position = units[0]?.position;
  const own = input.shape.slice(2) as unknown as Size;
  const { size, fixed } = pictureSize({
    graph: session.model.graph,
    shapes: session.shapes,
    input: input.name,
    tensor: goal.tensor,
    // A position is one of the map that the whole input makes.
    wanted: params.size === 0 && position ? own : params.size,
  });
  const transforms = transformsFor(size, params, TRANSFORMS);
  const window = position ? size : windowSize(size, fixed, own, transforms);
  return { context, input, units, goal, size, window, transforms };
}

function pictureInput({ session: { model }, layer }: StimulusContext): ModelInput {
  const below = prune(model.graph, [layer.output]).inputs.map(({ name }) => name);
  if (below.length > 1)
    throw usageError(`Layer '${layer.name}' sees the inputs ${below.join(', ')}; a stimulus is one picture only.`);
  const input = model.inputs.find(({ name }) => name === below[0]);
  if (input?.shape.length === 4 && [1, 3].includes(input.shape[1]!)) return input;
  throw usageError(`Layer '${layer.name}' sees no picture of 1 or 3 channels, which is what this method draws.`);
}

/** Units that climb together: as many as one step may take, shared evenly. */
export function batches({ context, input, goal, units, window }: StimulusPlan): Unit[][] {
  const graph = withInputSize(prune(context.session.model.graph, [goal.tensor]), input.name, ...window);
  const flops = [...nodeFlops(graph, inferShapes(graph)).values()].reduce((sum, count) => sum + count, 0);
  const most = Math.max(1, Math.min(STEP_IMAGES, Math.floor(STEP_FLOPS / flops)));
  const count = Math.ceil(units.length / most);
  const end = (i: number) => Math.round((i * units.length) / count);
  return Array.from({ length: count }, (_, i) => units.slice(end(i), end(i + 1)));
}

/** The pictures of some units at their start. A unit's random numbers are its own, whatever else is in the batch. */
export function startBatch({ context, input, size, window, transforms }: StimulusPlan, units: readonly Unit[]) {
  const { params, seed, session } = context;
  const channels = input.shape[1] as 1 | 3;
  const { input: preprocessing } = session.description;
  const parameters = new PictureParameters({ channels, height: size[0], width: size[1], decay: params.decay });
  const start = params.start === 'mean' ? meanColour(preprocessing, channels) : params.start;
  const randoms = units.map((unit) => random(seed, unit.channel));
  return new PictureBatch({
    parameters,
    viewer: new Viewer(channels, size, window),
    transforms,
    preprocessing,
    rate: params.rate,
    starts: randoms.map((own) => parameters.start(start, params.sd, own)),
    randoms,
  });
}

/** Of the pictures that the network was made for, as far as its preparation tells it; kept off the ends of the scale. */
function meanColour({ channels, mean, scale }: Preprocessing, count: number): readonly number[] {
  if (mean.every((value) => value === 0)) return Array<number>(count).fill(0.5);
  const colour = Array.from({ length: count }, (_, c) => mean[c % mean.length]! / (255 * scale));
  return (channels === 'BGR' ? colour.reverse() : colour).map((value) => Math.min(0.98, Math.max(0.02, value)));
}

interface Look {
  readonly units: readonly Unit[];
  /** N×C×height×width, a picture for each unit. */
  readonly pictures: Float32Array;
  readonly size: Size;
  readonly rule?: BackwardRule | undefined;
  /** Looks in different lanes run at the same time. */
  readonly lane?: number | undefined;
}

/** Runs the network on pictures of some units: each unit's value, and its gradient with respect to the pictures. */
export async function answer({ context, input, goal }: StimulusPlan, { units, pictures, size, rule, lane }: Look) {
  const [height, width] = size;
  const { session } = context;
  const key = `gradient(${goal.objective.key},${input.name},${height}x${width},${rule?.name ?? ''})`;
  const program = () =>
    gradientProgram(session.model.graph, goal.objective, { input: input.name, size, ...(rule && { rule }) });
  const shape = [units.length, input.shape[1]!, height, width];
  const feeds = {
    [input.name]: float32(pictures, shape),
    [UNIT]: unitWeights(session.shapes.get(goal.tensor)!.slice(1), units),
  };
  const found = await session.run(key, program, feeds, lane === undefined ? {} : { lane });
  return { values: Array.from(found[VALUE]!.data, Number), gradient: found[GRADIENT]!.data as Float32Array };
}

/** For the first steps: the gradient goes through rectifiers that are shut. */
export const WAKING: BackwardRule = redirectedReluRule;

function unitWeights(shape: Shape, units: readonly Unit[]) {
  return units[0]!.position
    ? oneHotAt(
        units.map(({ channel: c, position }) => [c, position!.y, position!.x]),
        shape,
      )
    : oneHot(
        units.map(({ channel: c }) => c),
        shape[0]!,
      );
}
