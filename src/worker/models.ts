import fs from 'node:fs/promises';
import { openSession } from '../core/open.ts';
import type { OpenOptions } from '../core/request.ts';
import type { FilePart } from '../core/model.ts';
import type { Session } from '../core/session.ts';

/** How many models stay open. */
const KEPT_MODELS = 3;

interface Opened {
  readonly file: string;
  /** The times and sizes of the model and its description, and the options: another stamp, another model. */
  readonly stamp: string;
  readonly session: Promise<Session>;
  /** The files that it consists of, once that is known. */
  parts: readonly FilePart[];
  users: number;
  /** Not to be used again: disposed when the last user is done. */
  stale: boolean;
}

/** Opened models, the least recently used closed first; one whose file or description has changed is opened anew. */
export class Models {
  /** The least recently used first. */
  #opened: Opened[] = [];

  constructor(private readonly open: (file: string, options: OpenOptions) => Promise<Session> = openSession) {}

  /** Does the work with an opened model, which stays open meanwhile. Rejects as `openSession` does. */
  async use<T>(file: string, options: OpenOptions = {}, work: (session: Session) => Promise<T> | T): Promise<T> {
    const opened = await this.#get(file, options);
    opened.users++;
    try {
      return await work(await opened.session);
    } finally {
      opened.users--;
      this.#disposeUnused(opened);
      this.#shrink();
    }
  }

  close(file: string): void {
    this.#retire((opened) => opened.file === file);
  }

  async #get(file: string, options: OpenOptions): Promise<Opened> {
    const stamp = JSON.stringify([await stampOf(file), await stampOf(descriptionOf(file)), options]);
    this.#retire((opened) => opened.file === file && opened.stamp !== stamp);
    const before = this.#opened.find((opened) => opened.file === file);
    if (before && !(await isUnchanged(before.parts))) this.#retire((opened) => opened === before);
    const known = this.#opened.find((opened) => opened.file === file);
    const opened = known ?? { file, stamp, session: this.open(file, options), parts: [], users: 0, stale: false };
    this.#opened = [...this.#opened.filter((other) => other !== opened), opened];
    if (!known)
      opened.session.then(
        ({ model }) => (opened.parts = model.parts ?? []),
        () => this.#retire((other) => other === opened),
      );
    return opened;
  }

  #shrink(): void {
    for (const opened of this.#opened.slice(0, -KEPT_MODELS))
      if (opened.users === 0) this.#retire((other) => other === opened);
  }

  #retire(which: (opened: Opened) => boolean): void {
    const retired = this.#opened.filter(which);
    this.#opened = this.#opened.filter((opened) => !retired.includes(opened));
    for (const opened of retired) {
      opened.stale = true;
      this.#disposeUnused(opened);
    }
  }

  #disposeUnused(opened: Opened): void {
    if (!opened.stale || opened.users > 0) return;
    void opened.session.then((session) => session.dispose()).catch(() => {});
  }
}

const descriptionOf = (file: string) => file.replace(/(\.[^./\\]*)?$/, '.layerscope.json');

const stampOf = (file: string) =>
  fs.stat(file).then(
    ({ mtimeMs, size }) => `${mtimeMs}:${size}`,
    () => '',
  );

const isUnchanged = async (parts: readonly FilePart[]): Promise<boolean> => {
  const now = await Promise.all(parts.map(({ path }) => stampOf(path)));
  return parts.every(({ modified, size }, i) => now[i] === `${modified}:${size}`);
};
