import { writeFile } from 'node:fs/promises';
import { cancelledError, LayerscopeError, usageError } from '../core/errors.ts';
import { openSession } from '../core/open.ts';
import type { Progress } from '../core/request.ts';
import type { Session } from '../core/session.ts';
import { cacheFolder } from './cache-folder.ts';
import { ProgressReport } from './progress.ts';

interface HtmlFile {
  /** What is made, for the progress. */
  readonly name: string;
  readonly model: string;
  readonly out: string | undefined;
  readonly engine?: string | undefined;
  readonly quiet?: boolean | undefined;
}

interface Made {
  readonly html: string;
  /** Cancelled: it has what was finished. */
  readonly partial: boolean;
  /** What is in it, for the user. */
  readonly content: string;
}

/**
 * Opens a model, makes an HTML file of it, with progress, and writes it. SIGINT cancels: what is finished is written, and a cancelled
 * error thrown. Throws a usage error where `out` is no HTML file.
 */
export async function writeHtmlFile(
  { name, model, out, engine, quiet = false }: HtmlFile,
  make: (session: Session, signal: AbortSignal) => AsyncGenerator<Progress, Made>,
): Promise<void> {
  if (out === undefined || !/\.html?$/i.test(out)) throw usageError('Where to? Give --out FILE.html.');
  const cancel = new AbortController();
  const onInterrupt = () => {
    if (cancel.signal.aborted) process.exit(130);
    cancel.abort();
  };
  process.on('SIGINT', onInterrupt);
  const progress = new ProgressReport(name, quiet);
  let session: Session | undefined;
  try {
    session = await openSession(model, { ...(engine !== undefined && { engine }) }, { cacheFolder: cacheFolder() });
    const steps = make(session, cancel.signal);
    let step = await steps.next();
    for (; !step.done; step = await steps.next()) {
      progress.update(Math.floor(step.value.done), step.value.total, step.value.doing);
      await new Promise(setImmediate); // a signal is only heard between two turns of the event loop
    }
    progress.end();
    await save(out, step.value.html);
    if (step.value.partial) throw cancelledError();
    if (!quiet) process.stdout.write(`${out}: ${step.value.content}\n`);
  } finally {
    progress.end();
    process.off('SIGINT', onInterrupt);
    await session?.dispose();
  }
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new LayerscopeError('file', `${file}: it can't be written: ${(error as Error).message}`, { cause: error });
  }
}
