import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Layer } from '../model.ts';
import type { Session } from '../session.ts';
import { VERSION } from '../version.ts';
import { THUMBNAIL_METHOD, thumbnailParameters } from './thumbnail-recipe.ts';

/** A layer's thumbnails on disk: PNG files by the model's hash, what it takes for a picture, layer, unit, parameters and version. */
export class ThumbnailStore {
  readonly #folder: string;
  readonly #key: readonly unknown[];

  /** Throws a usage error where the layer does not see one picture. */
  constructor({ session, layer }: { readonly session: Session; readonly layer: Layer }, folder: string) {
    const { model, description } = session;
    this.#folder = path.join(folder, model.sha256);
    this.#key = [VERSION, THUMBNAIL_METHOD, thumbnailParameters(session, layer), description.input, layer.name];
  }

  /** PNG files in the order of `units`; undefined for those that are not there. */
  read(units: readonly number[]): Promise<(Uint8Array | undefined)[]> {
    return Promise.all(units.map((unit) => readFile(this.#file(unit)).catch(() => undefined)));
  }

  /** Whole or not at all: another window may be reading it. */
  async write(unit: number, png: Uint8Array): Promise<void> {
    const file = this.#file(unit);
    const partial = `${file}.${process.pid}`;
    await mkdir(this.#folder, { recursive: true });
    await writeFile(partial, png);
    await rename(partial, file);
  }

  #file(unit: number): string {
    const name = createHash('sha256').update(JSON.stringify([...this.#key, unit]));
    return path.join(this.#folder, `${name.digest('hex').slice(0, 32)}.png`);
  }
}
