import { usageError } from '../errors.ts';
import type { Shape } from '../graph/graph.ts';
import { nodeFlops } from '../graph/costs.ts';
import { prune, withInputSize } from '../graph/passes.ts';
import { inferShapes } from '../graph/shapes.ts';
import { checkRunnable } from '../layers.ts';
import type { ModelInput } from '../model.ts';
import { oneHot, oneHotAt } from '../optimization/objectives.ts';
import { Ascent } from '../optimization/ascent.ts';
import { pictureSize, transformsFor, windowSize, type Size, type Transforms } from '../optimization/picture-size.ts';
import { random } from '../optimization/random.ts';
import { Viewer } from '../optimization/transforms.ts';
import { UNIT } from '../visualizers/class-objectives.ts';
import type { Context, Unit } from '../visualizers/visualizer.ts';
import { stimulusGoal, type StimulusGoal } from './goal.ts';
import { lookAt } from './look.ts';
import { TRANSFORMS } from './parameters.ts';
import { meanColour, type Frame, type Recipe } from './recipe.ts';

/** Units that are shown when none are named. */
const FIRST = 9;
/** Operations of the forward pass, and images, that one step may take: Cancel waits for a step. */
const STEP_FLOPS = 8e9;
const STEP_IMAGES = 16;

/** All that is decided before the first step. */
export interface StimulusPlan {
  readonly context: StimulusContext;
  readonly recipe: Recipe;
  readonly input: ModelInput;
  readonly frame: Frame;
  readonly pictures: readonly Wanted[];
  readonly goal: StimulusGoal;
  /** Of the picture, and of the window through which the network sees it. */
  readonly size: Size;
  readonly window: Size;
  readonly transforms?: Transforms;
}

/** A picture to be made: of a unit, the how manieth. */
export interface Wanted {
  readonly unit: Unit;
  readonly start: number;
}

/** What a recipe is given to work on. */
export type StimulusContext = Pick<Context, 'session' | 'layer' | 'units' | 'output' | 'seed' | 'signal' | 'gate'>;

/** Throws a usage error where the layer does not see one picture, or can't take the size that is asked for. */
export function planStimuli(context: StimulusContext, recipe: Recipe): StimulusPlan {
  const { session, layer } = context;
  checkRunnable(session, layer.output, `Layer '${layer.name}'`);
  const input = pictureInput(context);
  const goal = stimulusGoal(context, recipe.of ?? 'score');
  const count = session.shapes.get(goal.tensor)![1]!;
  const units: readonly Unit[] =
    context.units ?? Array.from({ length: Math.min(FIRST, count) }, (_, i) => ({ channel: i }));
  const position = units[0]?.position;
  const own = input.shape.slice(2) as unknown as Size;
  const { size, fixed } = pictureSize({
    graph: session.model.graph,
    shapes: session.shapes,
    input: input.name,
    tensor: goal.tensor,
    // A position is one of the map that the whole input makes.
    wanted: recipe.size === 0 && position ? own : recipe.size,
  });
  const transforms = recipe.transforms && transformsFor(size, recipe.transforms, TRANSFORMS);
  const window = transforms && !position ? windowSize(size, fixed, own, transforms) : size;
  const channels = input.shape[1] as 1 | 3;
  const centre = meanColour(session.description.input, channels);
  const frame = { channels, size, area: size[0] * size[1], centre };
  const starts = Array.from({ length: recipe.starts ?? 1 }, (_, start) => start);
  const pictures = units.flatMap((unit) => starts.map((start) => ({ unit, start })));
  return { context, recipe, input, frame, pictures, goal, size, window, ...(transforms && { transforms }) };
}

function pictureInput({ session: { model }, layer }: StimulusContext): ModelInput {
  const below = prune(model.graph, [layer.output]).inputs.map(({ name }) => name);
  if (below.length > 1)
    throw usageError(`Layer '${layer.name}' sees the inputs ${below.join(', ')}; a stimulus is one picture only.`);
  const input = model.inputs.find(({ name }) => name === below[0]);
  if (input?.shape.length === 4 && [1, 3].includes(input.shape[1]!)) return input;
  throw usageError(`Layer '${layer.name}' sees no picture of 1 or 3 channels, which is what this method draws.`);
}

/** Operations of one picture's forward pass. */
export function pictureFlops({ context, input, goal, window }: StimulusPlan): number {
  const graph = withInputSize(prune(context.session.model.graph, [goal.tensor]), input.name, ...window);
  return [...nodeFlops(graph, inferShapes(graph)).values()].reduce((sum, count) => sum + count, 0);
}

/** Pictures that climb together: as many as one step may take, shared evenly. */
export function batches(plan: StimulusPlan): Wanted[][] {
  const { recipe, pictures } = plan;
  if (recipe.together)
    return [...new Set(pictures.map(({ unit }) => unit))].map((unit) => pictures.filter((one) => one.unit === unit));
  const most = Math.max(1, Math.min(STEP_IMAGES, Math.floor(STEP_FLOPS / pictureFlops(plan))));
  const count = Math.ceil(pictures.length / most);
  const end = (i: number) => Math.round((i * pictures.length) / count);
  return Array.from({ length: count }, (_, i) => pictures.slice(end(i), end(i + 1)));
}

/** Pictures at their start. A picture's random numbers are its own, whatever else is in the batch. */
export function startAscent(
  { context, recipe, frame, size, window, transforms }: StimulusPlan,
  pictures: readonly Wanted[],
) {
  const ways = pictures.map(({ start }) => recipe.way(frame, start));
  const randoms = pictures.map(({ unit, start }) => random(context.seed + start * NEXT_START, unit.channel));
  return new Ascent({
    ways,
    viewer: new Viewer(frame.channels, size, window),
    ...(transforms && { transforms }),
    preprocessing: context.session.description.input,
    starts: randoms.map((own, n) => recipe.start(ways[n]!.parametrisation, frame, own)),
    randoms,
  });
}

/** Another start is another seed, far from those that people give. */
const NEXT_START = 2 ** 40;

type Look = Pick<Parameters<typeof lookAt>[1], 'pictures' | 'size' | 'rule' | 'lane'> & {
  readonly wanted: readonly Wanted[];
  readonly alone?: boolean;
};

/**
 * Runs the network on pictures of some units: each unit's value, and its gradient with respect to the pictures. `alone`: the value
 * of each picture by itself, where they climb something together.
 */
export function answer({ context, recipe, input, goal }: StimulusPlan, { wanted, alone = false, ...look }: Look) {
  const objective = alone ? goal.objective : (recipe.together?.(goal.objective, goal.tensor) ?? goal.objective);
  const units = wanted.map(({ unit }) => unit);
  const weights = unitWeights(context.session.shapes.get(goal.tensor)!.slice(1), units);
  return lookAt(context.session, { objective, input, feeds: { [UNIT]: weights }, ...look });
}

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
