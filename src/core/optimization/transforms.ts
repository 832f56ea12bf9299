import type { Random } from './random.ts';

/** How far an image is moved, scaled and turned at random before the network sees it. */
export interface TransformRanges {
  /** Pixels of the first movement, before scaling and turning: whole steps up to half of it to each side. */
  readonly jitter: number;
  /** Scaled by 1 ± this, in eleven equal steps. */
  readonly scale: number;
  /** Turned by up to this to each side, in degrees, in 21 equal steps; not at all five times more often. */
  readonly rotate: number;
  /** Pixels of the last movement. */
  readonly jitter2: number;
}

/**
 * Where a point of the window lies in the picture, both from their centres, in pixels:
 * x = xx·u + xy·v + x0, y = yx·u + yy·v + y0.
 */
export interface View {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/**
 * Lucid's standard transforms as one affine map: jitter, scale, rotate, jitter, drawn as `optvis/transform.py` draws them
 * (Olah, Mordvintsev & Schubert 2017, "Transformation robustness").
 */
export function drawView(random: Random, { jitter, scale, rotate, jitter2 }: TransformRanges): View {
  const shift = (most: number) => random.upTo(most) - most / 2;
  const [firstX, firstY] = [shift(jitter), shift(jitter)];
  const factor = 1 + (scale * (random.upTo(10) - 5)) / 5;
  const turn = random.upTo(25);
  const angle = turn > 20 ? 0 : (rotate * (turn - 10) * Math.PI) / 1800;
  const [lastX, lastY] = [shift(jitter2), shift(jitter2)];
  const cos = Math.cos(angle) / factor;
  const sin = Math.sin(angle) / factor;
  return {
    xx: cos,
    xy: sin,
    x0: cos * lastX + sin * lastY + firstX,
    yx: -sin,
    yy: cos,
    y0: -sin * lastX + cos * lastY + firstY,
  };
}

/** The picture as it is. */
export const STILL: View = { xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 };
