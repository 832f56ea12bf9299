import type { RunProgram } from '../optimization/parametrisations/draw.ts';
import type { Session } from '../session.ts';

/** Runs programs of a session in a lane, or in the calling thread. */
export const programs =
  (session: Session, lane?: number): RunProgram =>
  (key, build, feeds) =>
    session.run(key, build, feeds, lane === undefined ? {} : { lane });
