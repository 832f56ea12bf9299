import { COMPILED, type Kernels } from './compiled.ts';

const PAGE = 65_536;
/** Of a float32, and of an int32. */
export const BYTES = 4;
/** What a vector of float32 is counted in: the kernels take four at a time. */
const FOURS = 4;

interface Loaded {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
}

let loaded: Loaded | undefined;

function load(): Loaded {
  const memory = new WebAssembly.Memory({ initial: 4 });
  const module = new WebAssembly.Module(Uint8Array.from(atob(COMPILED), (character) => character.charCodeAt(0)));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { memory, kernels: exports as unknown as Kernels };
}

/** The loops of `src/kernels`, loaded at first use. */
export const kernels = (): Kernels => (loaded ??= load()).kernels;

/** As many float32 as `count` and up to the next four. */
export const inFours = (count: number): number => Math.ceil(count / FOURS) * FOURS;

/** Memory that kernels work on, and where in it each of some vectors has room: index 1 of `space` is address `BYTES`. */
export interface Workspace {
  readonly space: Float32Array;
  readonly starts: readonly number[];
}

/**
 * Room for vectors of so many float32, each in whole fours. There is one memory: the next call gives the same, and may move all of it, so what
 * is returned is good until then, and what stands there is anybody's.
 */
export function workspace(...sizes: readonly number[]): Workspace {
  const { memory } = (loaded ??= load());
  let end = 0;
  const starts = sizes.map((size) => (end += inFours(size)) - inFours(size));
  const missing = end * BYTES - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  return { space: new Float32Array(memory.buffer), starts };
}
