/** A source of random numbers. */
export interface Random {
  /** Uniform in 0 ≤ x < 1. */
  uniform(): number;
  /** A whole number from 0 to `most`, all alike. */
  upTo(most: number): number;
  /** Normal, mean 0, standard deviation 1. */
  normal(): number;
}

/**
 * Numbers that only the seed and the stream decide: each image has a stream of its own, so that it does not matter what
 * else is in its batch. sfc32 (Doty-Humphrey, PractRand); normal by the polar method (Marsaglia & Bray 1964).
 */
export function random(seed: number, stream = 0): Random {
  let [a, b, c, counter] = [seed | 0, Math.floor(seed / 2 ** 32) | 0, stream | 0, 1];
  const bits = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) bits(); // until every bit of the seed has reached every other

  const uniform = () => bits() / 2 ** 32;
  let spare: number | undefined;
  const normal = () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * factor;
      return x * factor;
    }
  };
  return { uniform, upTo: (most) => Math.floor(uniform() * (most + 1)), normal };
}
