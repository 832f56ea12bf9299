import type { Feeds } from '../engines/engine.ts';
import { usageError } from '../errors.ts';
import { nodeFlops } from '../graph/costs.ts';
import { BATCH } from '../graph/graph.ts';
import { prune, withInputSize } from '../graph/passes.ts';
import { inferShapes } from '../graph/shapes.ts';
import { isStrided } from '../graph/strides.ts';
import { float32 } from '../graph/tensor.ts';
import { checkRunnable } from '../layers.ts';
import type { ModelInput } from '../model.ts';
import { Ascent } from '../optimization/ascent.ts';
import { pictureSize, transformsFor, windowSize, type Size, type Transforms } from '../optimization/picture-size.ts';
import { random } from '../optimization/random.ts';
import { Viewer } from '../optimization/viewer.ts';
import type { Session } from '../session.ts';
import type { Context, Unit } from '../visualizers/visualizer.ts';
import { aimsOf, type Aim } from './aim.ts';
import { EACH_UNIT, type Choice } from './choice.ts';
import type { Direction } from './direction.ts';
import { FEEDS, stimulusGoal, type ClassValue, type StimulusGoal } from './goal.ts';
import { lookAt } from './look.ts';
import { TRANSFORMS } from './parameters.ts';
import { meanColour, type ClimbFrame, type Recipe } from './recipe.ts';
import { startFrom, startImage } from './starts.ts';

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
  readonly frame: ClimbFrame;
  readonly pictures: readonly Wanted[];
  readonly goal: StimulusGoal;
  /** Of the picture, and of the window through which the network sees it. */
  readonly size: Size;
  readonly window: Size;
  readonly transforms?: Transforms;
}

/** A picture to be made: of an aim, the how manieth. */
export interface Wanted {
  readonly aim: Aim;
  readonly start: number;
  /** What climbs of a class. */
  readonly of: ClassValue;
}

/** What a recipe is given to work on. */
export type StimulusContext = Pick<Context, 'session' | 'layer' | 'units' | 'output' | 'seed' | 'signal' | 'gate'> &
  Partial<Pick<Context, 'image' | 'style'>>;

/**
 * Throws a usage error where the layer does not see one picture, can't take the size that is asked for, or what is chosen does
 * not go together.
 *
 * @param direction  where that is climbed
 */
export function planStimuli(context: StimulusContext, recipe: Recipe, direction?: Direction): StimulusPlan {
  const { session, layer } = context;
  checkRunnable(session, layer.output, `Layer '${layer.name}'`);
  const input = pictureInput(context);
  const choice = recipe.choice ?? EACH_UNIT;
  if (recipe.together && input.shape[0] !== BATCH)
    throw usageError(
      `The model computes with a batch of ${input.shape[0]}; this method's pictures of a unit are seen together.`,
    );
  const goal = stimulusGoal(context, choice, recipe.of ?? ['score']);
  const shape = session.shapes.get(goal.tensor)!.slice(1);
  const startCount = recipe.starts ?? 1;
  const units = unitsOf(context, choice, shape[0]!, startCount);
  const position = units[0]?.position;
  const own = input.shape.slice(2) as unknown as Size;
  const { size, fixed } = pictureSize({
    graph: session.model.graph,
    shapes: session.shapes,
    input: input.name,
    tensor: goal.tensor,
    // A position is one of the map that the whole input makes; an image is seen whole.
    wanted: recipe.size === 0 && (position || recipe.from === 'image') ? own : recipe.size,
  });
  const channels = input.shape[1]!;
  const bare = {
    channels,
    size,
    area: size[0] * size[1],
    centre: meanColour(session.description.input, channels),
    strided: isStrided(prune(session.model.graph, [goal.tensor])),
  };
  const frame = recipe.from === 'image' ? { ...bare, image: startImage(session, context.image, bare) } : bare;
  const given = recipe.transforms?.(frame);
  const transforms = given && transformsFor(size, given, TRANSFORMS);
  const window = transforms && !position ? windowSize(size, fixed, own, transforms) : size;
  const pictures = aimsOf(context, units, shape, choice, direction).flatMap((aim) =>
    Array.from({ length: startCount }, (_, start) => start).flatMap((start) =>
      goal.of.map((of) => ({ aim, start, of })),
    ),
  );
  return { context, recipe, input, frame, pictures, goal, size, window, ...(transforms && { transforms }) };
}

/** The units that are meant; the first few where none are named, fewer of them where each has several pictures. */
function unitsOf(
  { units }: StimulusContext,
  { objective, combine }: Choice,
  count: number,
  starts: number,
): readonly Unit[] {
  const first = (most: number) => Array.from({ length: Math.min(most, count) }, (_, channel) => ({ channel }));
  if (objective === 'unit') {
    if (combine === 'sum' && !units) throw usageError('combine=sum needs the units: give --unit, as 3,7 or 3-11.');
    return units ?? first(Math.max(1, Math.floor(FIRST / starts)));
  }
  if (objective === 'direction' && units)
    throw usageError('objective=direction is told by two images: leave --unit out.');
  if (units?.[0]?.position) throw usageError('objective=layer takes channels, not one position: give --unit C.');
  return units ?? first(count);
}

function pictureInput({ session: { model }, layer }: StimulusContext): ModelInput {
  const below = prune(model.graph, [layer.output]).inputs.map(({ name }) => name);
  if (below.length > 1)
    throw usageError(`Layer '${layer.name}' sees the inputs ${below.join(', ')}; a stimulus is one picture only.`);
  const input = model.inputs.find(({ name }) => name === below[0]);
  if (input?.shape.length === 4) return input;
  throw usageError(`Layer '${layer.name}' sees no picture (height × width), which is what this method draws.`);
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
    return [...new Set(pictures.map(({ aim }) => aim))].map((aim) => pictures.filter((one) => one.aim === aim));
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
  const randoms = pictures.map(({ aim, start }) => random(context.seed + start * NEXT_START, aim.unit.channel));
  return new Ascent({
    ways,
    viewer: new Viewer(frame.channels, size, window),
    ...(transforms && { transforms }),
    preprocessing: context.session.description.input,
    starts: randoms.map((own, n) => {
      const { parametrisation } = ways[n]!;
      if (recipe.from === 'noise') return recipe.noise(parametrisation, frame, own);
      return startFrom(recipe.from, parametrisation, frame);
    }),
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
  const objective = alone
    ? (goal.answer ?? goal.objective)
    : (recipe.together?.(goal.objective, goal.tensor) ?? goal.objective);
  return lookAt(context.session, { objective, input, feeds: weightsOf(context.session, goal, wanted), ...look });
}

/** What each picture weighs the units with, by what climbs. */
function weightsOf({ shapes }: Session, { tensor, of }: StimulusGoal, wanted: readonly Wanted[]): Feeds {
  const size = wanted[0]!.aim.weights.length;
  const [, channels, ...map] = shapes.get(tensor)!;
  const shape = size === channels ? [channels] : [channels!, ...map];
  return Object.fromEntries(
    of.map((one) => {
      const data = new Float32Array(wanted.length * size);
      wanted.forEach((own, n) => {
        if (own.of === one) data.set(own.aim.weights, n * size);
      });
      return [FEEDS[one], float32(data, [wanted.length, ...shape])];
    }),
  );
}
