import { stat } from 'node:fs/promises';
import type { ImageSource, Reply } from '../../protocol/worker.ts';
import { descriptionFile } from './description.ts';
import { Memory } from './memory.ts';

/** Results of large layers are tens of megabytes; these are the last few. */
const MOST_BYTES = 128e6;

interface Question {
  readonly what: string;
  readonly model: string;
  /** The other files that the model consists of. */
  readonly parts?: readonly string[];
  readonly image?: ImageSource | undefined;
  readonly style?: ImageSource | undefined;
}

/** The last replies of the child process, so that a panel that was hidden comes back at once. */
export class ReplyCache {
  readonly #memory = new Memory(MOST_BYTES);

  /**
   * The reply that this question got before, as long as the files that it is about have not changed, else a new one.
   * Only what is whole is kept, and nothing about an image that is no file.
   */
  async get<T>(question: Question, ask: () => Promise<Reply<T>>): Promise<Reply<T>> {
    const { model, parts = [], image, style } = question;
    // What is left out may arrive as null: the page's messages are JSON.
    const images = [image, style].flatMap((one) => one ?? []);
    const paths = images.flatMap((one) => ('path' in one ? [one.path] : []));
    if (paths.length < images.length) return ask();
    const files = [model, descriptionFile(model), ...parts, ...paths];
    const key = JSON.stringify([question, await Promise.all(files.map(stampOf))]);
    const known = this.#memory.get(key) as T | undefined;
    if (known !== undefined) return { ok: true, value: known };
    const reply = await ask();
    if (reply.ok && !isPartial(reply.value)) this.#memory.set(key, reply.value);
    return reply;
  }

  clear(): void {
    this.#memory.clear();
  }
}

function isPartial(value: unknown): boolean {
  const { provenance } = value as { provenance?: { partial?: boolean } };
  return provenance?.partial === true;
}

const stampOf = (file: string): Promise<string> =>
  stat(file).then(
    ({ mtimeMs, size }) => `${mtimeMs}:${size}`,
    () => '',
  );
