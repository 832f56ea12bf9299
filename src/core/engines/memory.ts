import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';

const Contents = v.object({
  /** By machine and model: the engine that was the fastest. */
  fastest: v.record(v.string(), v.string()),
  /** By machine and engine: why it is not tried again; while it is tried, that it was. */
  dropped: v.record(v.string(), v.string()),
});

type Contents = v.InferOutput<typeof Contents>;

/** More models than anyone measures; the oldest go first. */
const KEPT = 200;

/** What was measured before, in a small file that may be deleted any time. */
export class EngineMemory {
  readonly #file: string;
  readonly #machine: string;

  /** `versions`: with other ones, other measurements. */
  constructor(folder: string, versions: string) {
    this.#file = path.join(folder, 'engines.json');
    const cpus = os.cpus();
    const machine = [process.platform, process.arch, os.release(), cpus[0]?.model, cpus.length, versions].join(' ');
    this.#machine = createHash('sha256').update(machine).digest('hex').slice(0, 16);
  }

  async fastest(model: string): Promise<string | undefined> {
    return (await this.#read()).fastest[this.#key(model)];
  }

  async setFastest(model: string, engine: string): Promise<void> {
    await this.#change(({ fastest, dropped }) => {
      const kept = Object.entries(fastest).filter(([key]) => key !== this.#key(model));
      return { dropped, fastest: Object.fromEntries([...kept, [this.#key(model), engine]].slice(-KEPT)) };
    });
  }

  async dropped(engine: string): Promise<string | undefined> {
    return (await this.#read()).dropped[this.#key(engine)];
  }

  /** With undefined it may be tried again. */
  async setDropped(engine: string, why: string | undefined): Promise<void> {
    await this.#change(({ fastest, dropped }) => {
      const others = Object.entries(dropped).filter(([key]) => key !== this.#key(engine));
      const mine = why === undefined ? [] : [[this.#key(engine), why] as const];
      return { fastest, dropped: Object.fromEntries([...others, ...mine]) };
    });
  }

  #key(of: string): string {
    return `${this.#machine} ${of}`;
  }

  async #read(): Promise<Contents> {
    try {
      return v.parse(Contents, JSON.parse(await fs.readFile(this.#file, 'utf8')));
    } catch {
      return { fastest: {}, dropped: {} };
    }
  }

  async #change(by: (contents: Contents) => Contents): Promise<void> {
    try {
      const text = JSON.stringify(by(await this.#read()), undefined, 1);
      await fs.mkdir(path.dirname(this.#file), { recursive: true });
      const part = `${this.#file}.${process.pid}`;
      await fs.writeFile(part, text);
      await fs.rename(part, this.#file);
    } catch {
      // What can't be kept is measured again.
    }
  }
}
