import type { RunProgram } from '../optimization/parametrisations/draw.ts';
import type { Session } from '../session.ts';

/** Runs what draws pictures, in turn with the network, in a lane or in the calling thread. */
export const programs =
  (session: Session, lane?: number): RunProgram =>
  (key, build, feeds) =>
    session.run(key, build, feeds, { yields: true, ...(lane !== undefined && { lane }) });
