import fs from 'node:fs/promises';
import { fileError } from '../core/errors.ts';
import { openSession } from '../core/open.ts';
import type { OpenOptions } from '../core/request.ts';
import type { Session } from '../core/session.ts';

/** How many models stay open. */
const KEPT_MODELS = 3;

interface Opened {
  /** The file's time and size, and the options: another stamp, another model. */
  readonly stamp: string;
  readonly session: Promise<Session>;
}

/** Opened models, the least recently used closed first; one whose file or description has changed is opened anew. */
export class Models {
  readonly #opened = new Map<string, Opened>();

  async get(file: string, options: OpenOptions = {}): Promise<Session> {
    const stamp = JSON.stringify([await stampOf(file), await stampOf(descriptionOf(file)), options]);
    let opened = this.#opened.get(file);
    if (opened && opened.stamp !== stamp) {
      await this.close(file);
      opened = undefined;
    }
    this.#opened.delete(file);
    opened ??= { stamp, session: openSession(file, options) };
    this.#opened.set(file, opened);
    opened.session.catch(() => this.#opened.delete(file));
    for (const oldest of this.#opened.keys()) if (this.#opened.size > KEPT_MODELS) await this.close(oldest);
    const session = await opened.session;
    if (stamp.startsWith('[""')) throw fileError(file, 'the file is not there any more.');
    return session;
  }

  async close(file: string): Promise<void> {
    const opened = this.#opened.get(file);
    this.#opened.delete(file);
    await opened?.session.then((session) => session.dispose()).catch(() => {});
  }
}

const descriptionOf = (file: string) => file.replace(/(\.[^./\\]*)?$/, '.layerscope.json');

const stampOf = (file: string) =>
  fs.stat(file).then(
    ({ mtimeMs, size }) => `${mtimeMs}:${size}`,
    () => '',
  );
