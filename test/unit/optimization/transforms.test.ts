import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../../../src/core/optimization/random.ts';
import { drawView, STILL, type View } from '../../../src/core/optimization/transforms.ts';
import { Viewer } from '../../../src/core/optimization/viewer.ts';
import { dot, normals } from '../../support/vectors.ts';

const LUCID = { jitter: 8, scale: 0.1, rotate: 10, jitter2: 4 };

function see(viewer: Viewer, picture: Float32Array, view: View): Float32Array {
  const seen = new Float32Array(viewer.channels * viewer.window[0] * viewer.window[1]);
  viewer.see(picture, view, seen);
  return seen;
}

/** What a view does, from its numbers: how much larger it shows things, how far turned. */
const shape = ({ xx, xy }: View) => ({ scale: 1 / Math.hypot(xx, xy), degrees: (Math.atan2(xy, xx) * 180) / Math.PI });

describe('Viewer', () => {
  it('shows the picture as it is where nothing moves', () => {
    const picture = normals(3 * 5 * 7, 1);
    const seen = see(new Viewer(3, [5, 7], [5, 7]), picture, STILL);
    seen.forEach((value, i) => expect(value).toBeCloseTo(picture[i]!, 5));
  });

  it('shows grey around the picture', () => {
    const seen = see(new Viewer(1, [2, 2], [4, 4]), Float32Array.of(1, 1, 1, 1), STILL);
    const [g, w] = [0.5, 1];
    expect([...seen]).toEqual([g, g, g, g, g, w, w, g, g, w, w, g, g, g, g, g]);
  });

  it('shifts by whole pixels exactly', () => {
    const picture = Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
    const seen = see(new Viewer(1, [3, 3], [3, 3]), picture, { ...STILL, x0: 1, y0: -1 });
    [0.5, 0.5, 0.5, 0.2, 0.3, 0.5, 0.5, 0.6, 0.5].forEach((value, i) => expect(seen[i]).toBeCloseTo(value, 6));
  });

  it('turns by a quarter', () => {
    const picture = Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
    const seen = see(new Viewer(1, [3, 3], [3, 3]), picture, { xx: 0, xy: 1, x0: 0, yx: -1, yy: 0, y0: 0 });
    [0.7, 0.4, 0.1, 0.8, 0.5, 0.2, 0.9, 0.6, 0.3].forEach((value, i) => expect(seen[i]).toBeCloseTo(value, 6));
  });

  it('has its adjoint as gradient', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (seed, p, w) => {
        const viewer = new Viewer(3, [p, p + 1], [w + 1, w]);
        const view = drawView(random(seed), LUCID);
        const [x, y] = [normals(3 * p * (p + 1), seed), normals(3 * w * (w + 1), seed + 1)];
        const grey = new Float32Array(x.length).fill(0.5);
        const shown = see(viewer, x, view);
        const ground = see(viewer, grey, view); // grey shows as grey: what is left is linear
        const back = new Float32Array(x.length);
        viewer.gradient(y, view, back);
        const moved = shown.map((value, i) => value - ground[i]!);
        const less = x.map((value) => value - 0.5);
        expect(dot(moved, y) - dot(less, back)).toBeCloseTo(0, 3);
      }),
    );
  });
});

describe('drawView', () => {
  const views = Array.from({ length: 4000 }, (_, i) => drawView(random(9, i), LUCID));

  it('scales by .90 to 1.10 in steps of .02', () => {
    const scales = new Set(views.map((view) => shape(view).scale.toFixed(2)));
    expect([...scales].sort()).toEqual('0.90 0.92 0.94 0.96 0.98 1.00 1.02 1.04 1.06 1.08 1.10'.split(' '));
  });

  it('turns by −10° to 10° in whole degrees, and six times as often not at all', () => {
    const angles = views.map((view) => Math.round(shape(view).degrees));
    expect(Math.min(...angles)).toBe(-10);
    expect(Math.max(...angles)).toBe(10);
    expect(angles.filter((angle) => Math.abs(angle) === 0).length / views.length).toBeCloseTo(6 / 26, 1);
  });

  it('shifts by up to six pixels to each side', () => {
    const still = Array.from({ length: 4000 }, (_, i) => drawView(random(9, i), { ...LUCID, scale: 0, rotate: 0 }));
    const shifts = still.map(({ x0 }) => x0);
    expect(Math.min(...shifts)).toBe(-6);
    expect(Math.max(...shifts)).toBe(6);
    expect(shifts.every(Number.isInteger)).toBe(true);
  });
});
