import { nodeFlops } from '../graph/costs.ts';
import { prune, withInputSize } from '../graph/passes.ts';
import { inferShapes } from '../graph/shapes.ts';
import type { StimulusPlan, Wanted } from './plan.ts';

/** Operations of the forward pass, and images, that one step may take: Cancel waits for a step. */
const STEP_FLOPS = 8e9;
const STEP_IMAGES = 16;

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
