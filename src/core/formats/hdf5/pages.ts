import { BEYOND, hasWholeGlobalHeaps } from './global-heap.ts';
import type { Source } from './source.ts';

const PAGE = 64 * 1024;
/** The library goes back and forth between a few places. */
const HELD = 32;

/** Thrown where the library must not see what stands there. */
export class Unsafe extends Error {}

/** Reads of any size from a file of which a few pages are held. */
export class Pages {
  readonly #held = new Map<number, Uint8Array>();

  constructor(readonly source: Source) {}

  /** Copies what stands at `position` to `into`; returns how many bytes that are, fewer at the file's end. */
  copy(position: number, into: Uint8Array): number {
    const count = Math.max(0, Math.min(into.length, this.source.size - position));
    for (let done = 0; done < count;) {
      const at = position + done;
      const page = this.#page(Math.floor(at / PAGE));
      const begin = at % PAGE;
      const part = page.subarray(begin, Math.min(PAGE, begin + count - done));
      into.set(part, done);
      done += part.length;
    }
    return count;
  }

  #page(index: number): Uint8Array {
    let page = this.#held.get(index);
    if (page) return page;
    const start = index * PAGE;
    page = this.source.read(start, Math.min(PAGE + BEYOND, this.source.size - start));
    if (!hasWholeGlobalHeaps(this.source, start, page)) throw new Unsafe();
    const [oldest] = this.#held.keys();
    if (this.#held.size >= HELD) this.#held.delete(oldest!);
    this.#held.set(index, page);
    return page;
  }
}
