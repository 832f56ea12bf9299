import { usageError } from '../errors.ts';
import { BATCH } from '../graph/graph.ts';
import { prune } from '../graph/passes.ts';
import { isStrided } from '../graph/strides.ts';
import { checkRunnable } from '../layers.ts';
import type { ModelInput } from '../model.ts';
import { pictureSize, transformsFor, windowSize, type Size, type Transforms } from '../optimization/picture-size.ts';
import type { Context, Unit } from '../visualizers/visualizer.ts';
import { aimsOf, type Aim } from './aim.ts';
import { EACH_UNIT, type Choice } from './choice.ts';
import type { Direction } from './direction.ts';
import { stimulusGoal, type ClassValue, type StimulusGoal } from './goal.ts';
import { TRANSFORMS } from './parameters.ts';
import { meanColour, type ClimbFrame, type Recipe } from './recipe.ts';
import { startImage } from './starts.ts';

/** Units that are shown when none are named. */
const FIRST = 9;

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
