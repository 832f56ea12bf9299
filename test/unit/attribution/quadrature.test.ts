import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quadrature, QUADRATURES, spread } from '../../../src/core/attribution/quadrature.ts';

const integral = (f: (x: number) => number, { nodes, weights }: ReturnType<typeof quadrature>) =>
  nodes.reduce((sum, x, i) => sum + weights[i]! * f(x), 0);

describe('quadrature', () => {
  it('has the nodes and weights of the tables', () => {
    const two = quadrature('gauss-legendre', 2);
    expect(two.nodes[0]).toBeCloseTo((1 - 1 / Math.sqrt(3)) / 2, 14);
    expect(Array.from(two.weights)).toEqual([expect.closeTo(0.5, 14), expect.closeTo(0.5, 14)]);
    const three = quadrature('gauss-legendre', 3);
    expect(three.nodes[1]).toBeCloseTo(0.5, 14);
    expect(three.weights[1]).toBeCloseTo(4 / 9, 14);
    expect(Array.from(quadrature('trapezoid', 3).weights)).toEqual([0.25, 0.5, 0.25]);
    expect(Array.from(quadrature('riemann-left', 2).nodes)).toEqual([0, 0.5]);
    expect(Array.from(quadrature('riemann-right', 2).nodes)).toEqual([0.5, 1]);
    expect(Array.from(quadrature('riemann-middle', 2).nodes)).toEqual([0.25, 0.75]);
  });

  it('by Gauss and Legendre integrates polynomials below degree 2n exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(119), (count, degree) => {
        const found = integral((x) => x ** degree, quadrature('gauss-legendre', count));
        if (degree < 2 * count) expect(found).toBeCloseTo(1 / (degree + 1), 12);
      }),
    );
  });

  it.each(QUADRATURES)('%s has weights that sum up to 1, and comes to the integral', (kind) => {
    for (const count of [2, 5, 50]) expect(integral(() => 1, quadrature(kind, count))).toBeCloseTo(1, 12);
    expect(integral(Math.exp, quadrature(kind, 2000))).toBeCloseTo(Math.E - 1, 2);
  });
});

describe('spread', () => {
  it('is each number once, and any first part lies evenly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (count) => {
        const order = spread(count);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
    const half = spread(50).slice(0, 25);
    expect(half.filter((step) => step < 25).length).toBeGreaterThanOrEqual(11);
    expect(half.filter((step) => step < 25).length).toBeLessThanOrEqual(14);
  });
});
