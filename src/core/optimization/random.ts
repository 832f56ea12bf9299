/** A source of random numbers. */
export interface Random {
  /** Uniform in 0 ≤ x < 1. */
  uniform(): number;
  /** A whole number from 0 to `most`, all alike. */
  upTo(most: number): number;
  /** Normal, mean 0, standard deviation 1. */
  normal(): number;
  /** The same, as many as the array takes; several times as fast. */
  normals(into: Float32Array): void;
}

/** Bits that are drawn at a time, in one loop whose state is in registers. */
const AHEAD = 64;

/**
 * Numbers that only the seed and the stream decide: each image has a stream of its own, so that it does not matter what
 * else is in its batch. sfc32 (Doty-Humphrey, PractRand); normal by the polar method (Marsaglia & Bray 1964).
 */
export function random(seed: number, stream = 0): Random {
  const state = Int32Array.of(seed | 0, Math.floor(seed / 2 ** 32) | 0, stream | 0, 1);
  const ahead = new Uint32Array(AHEAD);
  let at = AHEAD;
  const refill = () => {
    sfc32(state, ahead);
    return 0;
  };
  const bits = () => {
    if (at === AHEAD) at = refill();
    return ahead[at++]!;
  };
  for (let i = 0; i < 15; i++) bits(); // until every bit of the seed has reached every other

  const uniform = () => bits() / 2 ** 32;
  let spare: number | undefined;
  const normals = (into: Float32Array | Float64Array) => {
    let i = 0;
    if (spare !== undefined && into.length > 0) {
      into[i++] = spare;
      spare = undefined;
    }
    let next = at;
    while (i < into.length) {
      if (next === AHEAD) next = refill();
      const x = ahead[next++]! / 2 ** 31 - 1;
      if (next === AHEAD) next = refill();
      const y = ahead[next++]! / 2 ** 31 - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      into[i++] = x * factor;
      if (i < into.length) into[i++] = y * factor;
      else spare = y * factor;
    }
    at = next;
  };
  const one = new Float64Array(1);
  const normal = () => {
    normals(one);
    return one[0]!;
  };
  return { uniform, upTo: (most) => Math.floor(uniform() * (most + 1)), normal, normals };
}

/** The next numbers of 32 bits of a state: three words and a counter. */
function sfc32(state: Int32Array, into: Uint32Array): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let counter = state[3]!;
  for (let i = 0; i < into.length; i++) {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    into[i] = sum;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = counter;
}
