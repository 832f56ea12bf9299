import { openSession } from '../core/open.ts';
import type { OpenOptions } from '../core/request.ts';
import type { Session } from '../core/session.ts';
import { cacheFolder } from './cache-folder.ts';

/** Opens a model, does the work and closes it. SIGINT aborts the work's signal; a second one ends the program. */
export async function withSession<T>(
  model: string,
  options: OpenOptions,
  work: (session: Session, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const cancel = new AbortController();
  const onInterrupt = () => {
    if (cancel.signal.aborted) process.exit(130);
    cancel.abort();
  };
  process.on('SIGINT', onInterrupt);
  let session: Session | undefined;
  try {
    session = await openSession(model, options, { cacheFolder: cacheFolder() });
    return await work(session, cancel.signal);
  } finally {
    process.off('SIGINT', onInterrupt);
    await session?.dispose();
  }
}
