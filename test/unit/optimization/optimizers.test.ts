import { describe, expect, it } from 'vitest';
import { Adam } from '../../../src/core/optimization/optimizers/adam.ts';
import { lBfgs } from '../../../src/core/optimization/optimizers/l-bfgs.ts';
import { momentum } from '../../../src/core/optimization/optimizers/momentum.ts';
import type { Optimizer } from '../../../src/core/optimization/optimizers/optimizer.ts';
import { rmsProp } from '../../../src/core/optimization/optimizers/rms-prop.ts';

type Landscape = (x: Float32Array) => { value: number; gradient: Float32Array };

/** −Σ (i + 1)(x_i − 1)²: a hill that is steeper in some directions. */
const hill: Landscape = (x) => ({
  value: -x.reduce((sum, value, i) => sum + (i + 1) * (value - 1) ** 2, 0),
  gradient: x.map((value, i) => -2 * (i + 1) * (value - 1)),
});

/** Rosenbrock's valley upside down: 0 at (1, 1). */
const ridge: Landscape = (point) => {
  const [x, y] = point as unknown as [number, number];
  const off = y - x * x;
  return {
    value: -((1 - x) ** 2) - 100 * off ** 2,
    gradient: Float32Array.of(2 * (1 - x) + 400 * x * off, -200 * off),
  };
};

function climb(optimizer: Optimizer, landscape: Landscape, start: number[], steps: number) {
  const x = Float32Array.from(start);
  for (let step = 0; step < steps; step++) {
    const { value, gradient } = landscape(x);
    optimizer.step(x, gradient, value);
  }
  return { x: Array.from(x), value: landscape(x).value };
}

describe('optimizers', () => {
  it.each<[string, Optimizer, number]>([
    ['Adam', new Adam(5, { rate: 0.05 }), 400],
    ['momentum', momentum(5, { rate: 0.01, keep: 0.8 }), 200],
    ['RMSprop', rmsProp(5, { rate: 0.01 }), 900],
    ['L-BFGS', lBfgs(5), 30],
  ])('%s finds the top of a hill', (_, optimizer, steps) => {
    const { x } = climb(optimizer, hill, [0, 3, -2, 0.5, 4], steps);
    for (const value of x) expect(value).toBeCloseTo(1, 1);
  });

  it('momentum’s rate falls along half a cosine to nothing', () => {
    const optimizer = momentum(1, { rate: 0.2, over: 4 });
    const place = new Float32Array(1);
    // Along a slope of 1 a step is the rate: 0.2 · (1 + cos(π k / 4)) / 2.
    for (const moved of [0.2, 0.1707107, 0.1, 0.0292893, 0, 0]) {
      const before = place[0]!;
      optimizer.step(place, Float32Array.of(1), 0);
      expect(place[0]! - before).toBeCloseTo(moved, 6);
    }
  });

  it('momentum and RMSprop step as PyTorch’s do', () => {
    // Three steps of torch.optim.SGD([p], lr=.1, momentum=.9) and RMSprop([p], lr=.1) on ((p - 1)**2 * [1, 2]).sum() from p = [0, 3].
    expect(climb(momentum(2, { rate: 0.1, keep: 0.9 }), hill, [0, 3], 3).x).toEqual([
      expect.closeTo(0.938, 5),
      expect.closeTo(-0.08, 5),
    ]);
    expect(climb(rmsProp(2, { rate: 0.1 }), hill, [0, 3], 3).x).toEqual([
      expect.closeTo(1, 5),
      expect.closeTo(1.3096874, 5),
    ]);
  });

  it('a normalised step has the size of its rate, whatever the gradient’s', () => {
    for (const size of [1e-6, 1, 1e6]) {
      const x = new Float32Array(4);
      momentum(4, { rate: 2, normalised: true }).step(x, Float32Array.of(size, -size, 3 * size, 3 * size), 0);
      expect(Array.from(x)).toEqual([1, -1, 3, 3]);
    }
  });

  it('L-BFGS follows a bent ridge, which plain ascent does not in ten times the steps', () => {
    expect(climb(lBfgs(2), ridge, [-1.2, 1], 120).value).toBeGreaterThan(-1e-4);
    expect(climb(momentum(2, { rate: 0.001 }), ridge, [-1.2, 1], 1200).value).toBeLessThan(-0.01);
  });

  it('L-BFGS takes back a step that made things worse', () => {
    const seen: number[] = [];
    const steep: Landscape = (x) => {
      const value = -Math.abs(x[0]! ** 3) - x[0]! ** 2;
      seen.push(value);
      return { value, gradient: x.map((v) => -3 * v * Math.abs(v) - 2 * v) };
    };
    expect(Math.abs(climb(lBfgs(1, { rate: 8 }), steep, [3], 80).x[0]!)).toBeLessThan(1e-2);
    expect(seen.every(Number.isFinite)).toBe(true);
  });

  it('L-BFGS goes where the two loops over vectors go, longer than pairs are kept', () => {
    const size = 9001; // more than a block, and no multiple of anything
    const slope = (x: Float32Array) => x.map((v, i) => -(1 + (i % 7)) * (v - Math.sin(i)) - 0.3 * v ** 3);
    const value = (x: Float32Array) =>
      -x.reduce((sum, v, i) => sum + ((1 + (i % 7)) * (v - Math.sin(i)) ** 2) / 2 + 0.075 * v ** 4, 0);
    const own = lBfgs(size);
    const [x, plain] = [new Float32Array(size), new Float64Array(size)];
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
    let pairs: { s: number[]; y: number[] }[] = [];
    let last: { x: number[]; g: number[] } | undefined;
    for (let step = 0; step < 14; step++) {
      own.step(x, slope(x), value(x));
      const g = [...slope(Float32Array.from(plain))];
      if (last) {
        const { x: from, g: before } = last;
        pairs.push({ s: Array.from(plain, (v, i) => v - from[i]!), y: g.map((v, i) => before[i]! - v) });
        pairs = pairs.slice(-10);
      }
      last = { x: [...plain], g };
      let q = g;
      const alphas = pairs.toReversed().map(({ s, y }) => {
        const alpha = dot(s, q) / dot(s, y);
        q = q.map((v, i) => v - alpha * y[i]!);
        return alpha;
      });
      const newest = pairs.at(-1);
      const scale = newest ? dot(newest.s, newest.y) / dot(newest.y, newest.y) : 1;
      q = q.map((v) => scale * v);
      pairs.forEach(({ s, y }, n) => {
        const factor = alphas[pairs.length - 1 - n]! - dot(y, q) / dot(s, y);
        q = q.map((v, i) => v + factor * s[i]!);
      });
      const length = newest ? 1 : Math.min(1, 1 / g.reduce((sum, v) => sum + Math.abs(v), 0));
      q.forEach((v, i) => (plain[i]! += length * v));
    }
    for (let i = 0; i < size; i += 100) expect(x[i]).toBeCloseTo(plain[i]!, 3);
    expect(value(x)).toBeGreaterThan(value(new Float32Array(size)));
  });
});
