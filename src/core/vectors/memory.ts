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

/**
 * Room for vectors of so many float32 in the memory that kernels work on, each in whole fours: the memory, of which index 1 is address `BYTES`,
 * and where each vector begins. There is one memory: the next call gives the same, and may move all of it, so what is returned is good until
 * then, and what stands there is anybody's.
 */
export function workspace<const Sizes extends readonly number[]>(...sizes: Sizes) {
  const { memory } = (loaded ??= load());
  let end = 0;
  const starts = sizes.map((size) => (end += inFours(size)) - inFours(size));
  const missing = end * BYTES - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  return { space: new Float32Array(memory.buffer), starts: starts as { readonly [N in keyof Sizes]: number } };
}
