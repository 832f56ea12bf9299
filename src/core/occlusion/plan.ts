import { BATCH_BYTES } from '../attribution/batches.ts';
import { busyLanes } from '../engines/lanes/fit.ts';
import { BATCH, type Graph } from '../graph/graph.ts';
import { heaviest, nodeFlops } from '../graph/costs.ts';
import { inferShapes } from '../graph/shapes.ts';
import type { Session } from '../session.ts';

/** Operations of one run: where an image alone takes more, a batch brings nothing and only leaves the cache. */
const RUN_FLOPS = 1e9;
/** Operations from which on it pays to start lanes: about as long as compiling for them takes. */
const LANES_FLOPS = 5e10;
const MOST_COPIES = 64;

interface PassesPlan {
  /** How many run together. */
  readonly copies: number;
  /** Whether the network takes only that many. */
  readonly fixed: boolean;
  readonly lanes: number;
}

/** How forward passes are spread: over lanes where they are many, in batches where they are small. `batch` 0: as is fast. */
export function planPasses(session: Session, program: Graph, batch: number, passes: number): PassesPlan {
  const flops = [...nodeFlops(program, inferShapes(program)).values()].reduce((sum, count) => sum + count, 0);
  const lanes = flops * passes > LANES_FLOPS ? busyLanes(session.engine, program) : 1;
  const only = program.inputs.find(({ shape }) => shape[0] !== BATCH && shape.length > 1)?.shape[0];
  if (only !== undefined) return { copies: only, fixed: true, lanes };
  const fits = Math.floor(BATCH_BYTES / lanes / (heaviest(program, inferShapes(program))?.bytes ?? 1));
  const fast = Math.min(MOST_COPIES, Math.floor(RUN_FLOPS / flops), Math.ceil(passes / lanes / 4));
  return { copies: Math.max(1, Math.min(batch || fast, fits, passes)), fixed: false, lanes };
}
