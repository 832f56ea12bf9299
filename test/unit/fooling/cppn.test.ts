import { describe, expect, it } from 'vitest';
import { activate } from '../../../src/core/fooling/cppn/activations.ts';
import { INPUTS, inOrder, type Activation, type Genome, type Link } from '../../../src/core/fooling/cppn/genome.ts';
import { hsvToRgb } from '../../../src/core/fooling/cppn/hsv.ts';
import { Painter } from '../../../src/core/fooling/cppn/painter.ts';

const [X, Y, RADIUS, BIAS] = [0, 1, 2, 3];
const OUT = INPUTS.length;

const link = (from: number, to: number, weight: number, enabled = true): Link => {
  return { innovation: from * 100 + to, from, to, weight, enabled };
};

function paint(genome: Genome, outputs: 1 | 3, height: number, width: number): number[] {
  const picture = new Float32Array(outputs * height * width);
  new Painter(outputs, [height, width]).paint(genome, picture);
  return Array.from(picture);
}

describe('activation functions', () => {
  const functions: [Activation, (sum: number) => number][] = [
    ['sine', Math.sin],
    ['sigmoid', (s) => Math.tanh(s / 2)],
    ['Gaussian', (s) => Math.exp(-(s * s))],
    ['linear', (s) => Math.max(-1, Math.min(1, s / 3))],
  ];
  it.each(functions)('%s is read from its table to 1e-5', (name, exact) => {
    const sums = Float32Array.from({ length: 2001 }, (_, i) => (i - 1000) / 37);
    const found = sums.slice();
    activate(name, found, sums.length);
    sums.forEach((sum, i) => expect(Math.abs(found[i]! - exact(sum))).toBeLessThan(1e-5));
  });

  it('leave what is behind the count', () => {
    const sums = Float32Array.of(0, 0);
    activate('Gaussian', sums, 1);
    expect([...sums]).toEqual([1, 0]);
  });
});

describe('what a network paints', () => {
  it('is what its nodes make of a pixel’s place, eight pixels to a unit', () => {
    const nodes = [
      { id: OUT, activation: 'linear' },
      { id: 9, activation: 'sine' },
      { id: 8, activation: 'Gaussian' },
    ] as const;
    const links = [link(X, 9, 2), link(9, OUT, 1.5), link(RADIUS, 8, 3), link(8, OUT, -0.5), link(BIAS, OUT, 0.25)];
    const painted = paint({ nodes, links }, 1, 2, 3);
    [-0.5, 0.5].forEach((row, y) =>
      [-1, 0, 1].forEach((column, x) => {
        const sum =
          1.5 * Math.sin((2 * column) / 8) - 0.5 * Math.exp(-(((3 * Math.hypot(row, column)) / 8) ** 2)) + 0.25;
        // Its magnitude: −1 to 1 is what a node gives.
        expect(painted[y * 3 + x]).toBeCloseTo(Math.abs(sum / 3), 5);
      }),
    );
  });

  it('counts x to the right, y down, from the centre', () => {
    const nodes = [{ id: OUT, activation: 'linear' }] as const;
    const column = paint({ nodes, links: [link(X, OUT, 3), link(BIAS, OUT, 1)] }, 1, 1, 3);
    [1 / 3 - 1 / 8, 1 / 3, 1 / 3 + 1 / 8].forEach((value, i) => expect(column[i]).toBeCloseTo(value, 5));
    expect(paint({ nodes, links: [link(Y, OUT, 3), link(BIAS, OUT, 1)] }, 1, 3, 1)).toEqual(column);
  });

  it('is the same in a picture of many blocks', () => {
    const nodes = [
      { id: OUT, activation: 'sine' },
      { id: 7, activation: 'sigmoid' },
    ] as const;
    const links = [link(X, 7, 1), link(Y, 7, 0.5), link(7, OUT, 2), link(Y, OUT, 1)];
    const [height, width] = [71, 83];
    const painted = paint({ nodes, links }, 1, height, width);
    for (const [y, x] of [
      [0, 0],
      [24, 55],
      [40, 3],
      [70, 82],
    ] as const) {
      const [v, u] = [(y - 35) / 8, (x - 41) / 8];
      expect(painted[y * width + x]).toBeCloseTo(Math.abs(Math.sin(2 * Math.tanh((u + 0.5 * v) / 2) + v)), 4);
    }
  });

  it('needs no link: nothing reaches a node, and disabled links carry nothing', () => {
    const links = [link(BIAS, OUT, 1, false), link(9, 10, 1)];
    const nodes = [
      { id: OUT, activation: 'Gaussian' },
      { id: 9, activation: 'sine' },
      { id: 10, activation: 'sine' },
    ] as const;
    expect(paint({ nodes, links }, 1, 1, 2)).toEqual([1, 1]);
    expect(inOrder({ nodes, links }, 1).map(({ id }) => id)).toEqual([OUT]);
  });

  it('is hue, saturation and value with three outputs', () => {
    const nodes = [OUT, OUT + 1, OUT + 2].map((id) => ({ id, activation: 'linear' as const }));
    const links = [link(BIAS, OUT, 1), link(BIAS, OUT + 1, 3), link(BIAS, OUT + 2, 1.5)];
    // A third round is green; value a half.
    paint({ nodes, links }, 3, 1, 1).forEach((value, c) => expect(value).toBeCloseTo([0, 0.5, 0][c]!, 5));
  });
});

it.each([
  [
    [0, 1, 1],
    [1, 0, 0],
  ],
  [
    [1 / 6, 1, 1],
    [1, 1, 0],
  ],
  [
    [1 / 3, 1, 0.5],
    [0, 0.5, 0],
  ],
  [
    [0.5, 0.5, 1],
    [0.5, 1, 1],
  ],
  [
    [2 / 3, 1, 1],
    [0, 0, 1],
  ],
  [
    [0.75, 0.25, 0.8],
    [0.7, 0.6, 0.8],
  ],
  [
    [5 / 6, 1, 1],
    [1, 0, 1],
  ],
  [
    [1, 1, 1],
    [1, 0, 0],
  ],
  [
    [0.4, 0, 0.3],
    [0.3, 0.3, 0.3],
  ],
])('hue, saturation, value %j is red, green, blue %j', (hsv, rgb) => {
  const planes = Float32Array.from(hsv);
  hsvToRgb(planes, 1);
  rgb.forEach((value, c) => expect(planes[c]).toBeCloseTo(value, 6));
});
