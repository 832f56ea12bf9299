import type { Tensor } from '../../graph/tensor.ts';
import type { ModelFile } from '../format.ts';
import { lazily } from '../lazy.ts';

/** Files whose bytes follow each other. */
export class Shards {
  readonly size: number;

  constructor(readonly files: readonly ModelFile[]) {
    this.size = files.reduce((sum, { size }) => sum + size, 0);
  }

  read(offset: number, length: number): Uint8Array {
    const [only, ...others] = this.#parts(offset, length);
    if (only && others.length === 0) return only.file.read(only.at, length);
    const all = new Uint8Array(length);
    let done = 0;
    for (const { file, at, count } of this.#parts(offset, length)) {
      all.set(file.read(at, count), done);
      done += count;
    }
    return all;
  }

  /** Float32 values, which stay in the file that has them; those that two files share are read when they are asked for. */
  floats(offset: number, shape: readonly number[], length: number, of: string): Tensor<'float32'> {
    const [only, ...others] = this.#parts(offset, length);
    if (only && others.length === 0) return only.file.floats(only.at, shape, of);
    return lazily(shape, () => new Float32Array(this.read(offset, length).buffer));
  }

  #parts(offset: number, length: number): { file: ModelFile; at: number; count: number }[] {
    const parts: { file: ModelFile; at: number; count: number }[] = [];
    let start = 0;
    for (const file of this.files) {
      const at = Math.max(0, offset - start);
      const count = Math.min(file.size, offset + length - start) - at;
      if (count > 0) parts.push({ file, at, count });
      start += file.size;
    }
    return parts;
  }
}
