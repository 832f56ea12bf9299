import { writeFile } from 'node:fs/promises';
import { LayerscopeError, usageError } from '../core/errors.ts';
import type { Progress } from '../core/request.ts';
import type { Session } from '../core/session.ts';
import { follow } from './progress.ts';
import { withSession } from './with-session.ts';

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
  await withSession(model, { engine }, async (session, signal) => {
    const { html, partial, content } = await follow(name, make(session, signal), quiet);
    await save(out, html);
    if (partial) throw new LayerscopeError('cancelled', `Cancelled. ${out} has what was finished: ${content}.`);
    if (!quiet) process.stdout.write(`${out}: ${content}\n`);
  });
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new LayerscopeError('file', `${file}: it can't be written: ${(error as Error).message}`, { cause: error });
  }
}
