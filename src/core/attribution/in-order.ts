import type { CompileOptions } from '../engines/engine.ts';
import { checkCancelled } from '../errors.ts';

/** Batches that wait in each lane, the one that runs among them: so a lane has its next one as soon as it is free. */
const WAITING = 2;

/** Batches that are under way at a time. */
export const placesFor = (lanes: number, batches: number): number => Math.min(batches, lanes > 1 ? WAITING * lanes : 1);

/** What the tasks 0, 1 … give, in order; `places` of them are under way at a time. Throws a cancelled error between two. */
export async function* inOrder<Found>(
  tasks: number,
  places: number,
  signal: AbortSignal,
  start: (task: number) => Promise<Found>,
): AsyncGenerator<Found, void, void> {
  const running: Promise<Found>[] = [];
  try {
    for (let next = 0, done = 0; done < tasks; done++) {
      checkCancelled(signal);
      while (next < tasks && running.length < places) running.push(start(next++));
      const found = await running[0]!;
      running.shift();
      checkCancelled(signal);
      yield found;
    }
  } finally {
    await Promise.allSettled(running);
  }
}

/** Hands each run to the lane that has the fewest to do. One lane: the calling thread, with all cores. */
export function inLanes(lanes: number) {
  const waiting = new Array<number>(lanes).fill(0);
  return async <Found>(run: (options: CompileOptions) => Promise<Found>): Promise<Found> => {
    const lane = waiting.indexOf(Math.min(...waiting));
    waiting[lane]!++;
    return run(lanes > 1 ? { lane } : {}).finally(() => waiting[lane]!--);
  };
}
