export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** One stage of the transform: `radix`-point butterflies over what is left of the length. */
export interface Stage {
  readonly radix: number;
  /** What is left of the length after this stage. */
  readonly rest: number;
  /** cos and sin of −2πpj/(radix·rest), for p < rest and 0 < j < radix: 2(radix−1) values for each p. */
  readonly twiddles: Float64Array;
}

type Butterfly = (stage: Stage, block: number, x: Complex, y: Complex) => void;

/** By radix, those that are written out. */
export const BUTTERFLIES: Readonly<Record<number, Butterfly>> = {
  2: ({ rest, twiddles }, block, { re: xr, im: xi }, { re: yr, im: yi }) => {
    const step = block * rest;
    for (let p = 0; p < rest; p++) {
      const wr = twiddles[2 * p]!;
      const wi = twiddles[2 * p + 1]!;
      for (let a = p * block, end = a + block, o = p * 2 * block; a < end; a++, o++) {
        const b = a + step;
        const dr = xr[a]! - xr[b]!;
        const di = xi[a]! - xi[b]!;
        yr[o] = xr[a]! + xr[b]!;
        yi[o] = xi[a]! + xi[b]!;
        yr[o + block] = dr * wr - di * wi;
        yi[o + block] = dr * wi + di * wr;
      }
    }
  },
  3: ({ rest, twiddles }, block, { re: xr, im: xi }, { re: yr, im: yi }) => {
    const step = block * rest;
    const sine = Math.sqrt(3) / 2;
    for (let p = 0; p < rest; p++) {
      const w1r = twiddles[4 * p]!;
      const w1i = twiddles[4 * p + 1]!;
      const w2r = twiddles[4 * p + 2]!;
      const w2i = twiddles[4 * p + 3]!;
      for (let a = p * block, end = a + block, o = p * 3 * block; a < end; a++, o++) {
        const b = a + step;
        const c = b + step;
        const sr = xr[b]! + xr[c]!;
        const si = xi[b]! + xi[c]!;
        const mr = xr[a]! - sr / 2;
        const mi = xi[a]! - si / 2;
        const tr = sine * (xi[b]! - xi[c]!);
        const ti = -sine * (xr[b]! - xr[c]!);
        yr[o] = xr[a]! + sr;
        yi[o] = xi[a]! + si;
        yr[o + block] = (mr + tr) * w1r - (mi + ti) * w1i;
        yi[o + block] = (mr + tr) * w1i + (mi + ti) * w1r;
        yr[o + 2 * block] = (mr - tr) * w2r - (mi - ti) * w2i;
        yi[o + 2 * block] = (mr - tr) * w2i + (mi - ti) * w2r;
      }
    }
  },
  4: ({ rest, twiddles }, block, { re: xr, im: xi }, { re: yr, im: yi }) => {
    const step = block * rest;
    for (let p = 0; p < rest; p++) {
      const t = 6 * p;
      const w1r = twiddles[t]!;
      const w1i = twiddles[t + 1]!;
      const w2r = twiddles[t + 2]!;
      const w2i = twiddles[t + 3]!;
      const w3r = twiddles[t + 4]!;
      const w3i = twiddles[t + 5]!;
      for (let a = p * block, end = a + block, o = p * 4 * block; a < end; a++, o++) {
        const b = a + step;
        const c = b + step;
        const d = c + step;
        const sr = xr[a]! + xr[c]!;
        const si = xi[a]! + xi[c]!;
        const dr = xr[a]! - xr[c]!;
        const di = xi[a]! - xi[c]!;
        const ur = xr[b]! + xr[d]!;
        const ui = xi[b]! + xi[d]!;
        const vr = xi[b]! - xi[d]!;
        const vi = xr[d]! - xr[b]!;
        yr[o] = sr + ur;
        yi[o] = si + ui;
        yr[o + block] = (dr + vr) * w1r - (di + vi) * w1i;
        yi[o + block] = (dr + vr) * w1i + (di + vi) * w1r;
        yr[o + 2 * block] = (sr - ur) * w2r - (si - ui) * w2i;
        yi[o + 2 * block] = (sr - ur) * w2i + (si - ui) * w2r;
        yr[o + 3 * block] = (dr - vr) * w3r - (di - vi) * w3i;
        yi[o + 3 * block] = (dr - vr) * w3i + (di - vi) * w3r;
      }
    }
  },
};

/** y_j = w^{pj} Σ_k x_k e^{−2πijk/radix}, as it is written. */
export function anyRadix(
  { radix, rest, twiddles }: Stage,
  block: number,
  { re: xr, im: xi }: Complex,
  { re: yr, im: yi }: Complex,
): void {
  const step = block * rest;
  for (let p = 0; p < rest; p++)
    for (let j = 0; j < radix; j++) {
      const wr = j === 0 ? 1 : twiddles[2 * (p * (radix - 1) + j - 1)]!;
      const wi = j === 0 ? 0 : twiddles[2 * (p * (radix - 1) + j - 1) + 1]!;
      const o = (p * radix + j) * block;
      yr.fill(0, o, o + block);
      yi.fill(0, o, o + block);
      for (let k = 0; k < radix; k++) {
        const angle = (-2 * Math.PI * ((j * k) % radix)) / radix;
        const cos = Math.cos(angle);
        const sin = Math.sin(angle);
        const [fr, fi] = [cos * wr - sin * wi, cos * wi + sin * wr];
        const a = p * block + k * step;
        for (let q = 0; q < block; q++) {
          yr[o + q]! += xr[a + q]! * fr - xi[a + q]! * fi;
          yi[o + q]! += xr[a + q]! * fi + xi[a + q]! * fr;
        }
      }
    }
}
