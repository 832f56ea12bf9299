import { answerTensors } from '../classes.ts';
import { nodeFlops } from '../graph/costs.ts';
import { prune, withInputSize } from '../graph/passes.ts';
import { inferShapes } from '../graph/shapes.ts';
import type { ModelInput } from '../model.ts';
import type { Size } from '../optimization/picture-size.ts';
import type { Session } from '../session.ts';

/** Pictures of a generation: as in the paper for ImageNet. */
const MOST = 400;
const LEAST = 20;
/** Operations of a run's forward passes, where there may be fewer pictures: about a minute of a large network on two cores. */
const RUN_FLOPS = 7e12;

interface Run {
  readonly input: ModelInput;
  /** Of the pictures. */
  readonly size: Size;
  readonly generations: number;
}

/** How many pictures a generation has by default: fewer where a network takes long, so that a run of them ends. */
export function usualOffspring(session: Session, output: string, { input, size, generations }: Run): number {
  const graph = withInputSize(prune(session.model.graph, answerTensors(session, output)), input.name, ...size);
  const flops = [...nodeFlops(graph, inferShapes(graph)).values()].reduce((sum, own) => sum + own, 1);
  return Math.min(MOST, Math.max(LEAST, Math.floor(RUN_FLOPS / flops / (generations + 1))));
}
