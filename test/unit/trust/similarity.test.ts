import { describe, expect, it } from 'vitest';
import { rankCorrelation, structuralSimilarity } from '../../../src/core/trust/similarity.ts';
import { ramp } from '../visualizers/tiny-network.ts';

const a = ramp(99).map(Math.abs);
const b = ramp(99, 2).map((value) => Math.round(Math.abs(value) * 10) / 10);

describe('rankCorrelation', () => {
  // scipy 1.17: spearmanr(a, b).statistic; b has many equal values.
  it('is that of scipy, with ties', () => expect(rankCorrelation(a, b)).toBeCloseTo(-0.64089886, 6));

  it('sees order alone', () => {
    expect(
      rankCorrelation(
        a,
        a.map((value) => Math.exp(9 * value)),
      ),
    ).toBeCloseTo(1, 12);
    expect(
      rankCorrelation(
        a,
        a.map((value) => -value),
      ),
    ).toBeCloseTo(-1, 12);
  });

  it('does not count where both are zero', () => {
    const within = (map: Float32Array) => Float32Array.from([...new Array<number>(500).fill(0), ...map]);
    expect(rankCorrelation(within(a), within(b))).toBeCloseTo(rankCorrelation(a, b), 12);
  });

  it('is zero for a map that says nothing', () => expect(rankCorrelation(a, new Float32Array(99))).toBe(0));
});

describe('structuralSimilarity', () => {
  // numpy and scipy: gaussian_filter(v, 1.5, truncate=3, mode='nearest') for the moments, maps of 9×11 over their largest value.
  it('is that of its definition in numpy', () => {
    expect(structuralSimilarity(a, b, 11, 9)).toBeCloseTo(-0.53497643, 5);
  });

  it('of a map with itself, however scaled, is 1', () => {
    expect(
      structuralSimilarity(
        a,
        a.map((value) => value * 7),
        11,
        9,
      ),
    ).toBeCloseTo(1, 6);
  });
});
