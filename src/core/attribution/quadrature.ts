import { usageError } from '../errors.ts';

export const QUADRATURES = ['gauss-legendre', 'trapezoid', 'riemann-left', 'riemann-right', 'riemann-middle'] as const;
export type Quadrature = (typeof QUADRATURES)[number];

/** Where a function on 0..1 is looked at, and with what weights its values are added up to its integral; they sum up to 1. */
export interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** A rule of `count` nodes, from 0 to 1. Throws a usage error where there are too few for it. */
export function quadrature(kind: Quadrature, count: number): Rule {
  if (kind === 'gauss-legendre') return gaussLegendre(count);
  const nodes = Float64Array.from({ length: count }, (_, i) => {
    if (kind === 'trapezoid') return i / (count - 1);
    return (i + { 'riemann-left': 0, 'riemann-middle': 0.5, 'riemann-right': 1 }[kind]) / count;
  });
  const weights = new Float64Array(count).fill(1 / count);
  if (kind === 'trapezoid') {
    if (count < 2) throw usageError('The trapezoid rule has both ends of the line: give steps=2 or more.');
    weights.fill(1 / (count - 1));
    weights[0] = weights[count - 1] = 0.5 / (count - 1);
  }
  return { nodes, weights };
}

/** The zeros of the Legendre polynomial P_n by Newton's method, moved from −1..1 to 0..1 (Abramowitz & Stegun, 25.4.29). */
function gaussLegendre(count: number): Rule {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let x = Math.cos((Math.PI * (count - i - 0.25)) / (count + 0.5));
    let slope = 1;
    for (let round = 0; round < 100; round++) {
      const [value, derivative] = legendre(count, x);
      slope = derivative;
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    nodes[i] = (x + 1) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/** P_n(x) and its derivative. */
function legendre(n: number, x: number): [number, number] {
  let [before, value] = [1, x];
  for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return [value, (n * (x * value - before)) / (x * x - 1)];
}

/** 0 … count − 1 so that any first part is spread evenly: steps of the golden section round the circle. */
export function spread(count: number): number[] {
  let step = Math.max(1, Math.round(count * 0.618));
  while (common(step, count) > 1) step++;
  return Array.from({ length: count }, (_, i) => (i * step) % count);
}

const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b));
