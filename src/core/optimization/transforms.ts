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

type Size = readonly [height: number, width: number];

/** Grey, which lies around the picture. */
const GREY = 0.5;

/** For each pixel of the window: its upper left neighbour in the framed picture, and how far it is from it. */
export interface Look {
  readonly at: Int32Array;
  readonly partX: Float32Array;
  readonly partY: Float32Array;
}

/** Looks at pictures of one size through a window of another, by bilinear interpolation, with grey around the picture. */
export class Viewer {
  /** A channel of the picture less grey, with a frame of zeros: no pixel needs to be asked whether it has neighbours. */
  readonly #framed: Float32Array;
  readonly #stride: number;

  constructor(
    readonly channels: number,
    readonly picture: Size,
    readonly window: Size,
  ) {
    this.#stride = picture[1] + 3;
    this.#framed = new Float32Array((picture[0] + 3) * this.#stride);
  }

  /** Space for `locate`. */
  look(): Look {
    const area = this.window[0] * this.window[1];
    return { at: new Int32Array(area), partX: new Float32Array(area), partY: new Float32Array(area) };
  }

  /** Where the pixels of the window lie. */
  locate(view: View, { at, partX, partY }: Look): void {
    const [height, width] = this.picture;
    const [rows, columns] = this.window;
    for (let row = 0, i = 0; row < rows; row++) {
      const v = row + 0.5 - rows / 2;
      for (let column = 0; column < columns; column++, i++) {
        const u = column + 0.5 - columns / 2;
        // One more than in the picture, for the frame; what lies farther out is as grey as the frame.
        const x = Math.min(width + 1, Math.max(0, view.xx * u + view.xy * v + view.x0 + width / 2 + 0.5));
        const y = Math.min(height + 1, Math.max(0, view.yx * u + view.yy * v + view.y0 + height / 2 + 0.5));
        const left = Math.floor(x);
        const top = Math.floor(y);
        at[i] = top * this.#stride + left;
        partX[i] = x - left;
        partY[i] = y - top;
      }
    }
  }

  /** From a picture (C×h×w) to what is seen of it (C×H×W of the window). */
  see(picture: Float32Array, { at, partX, partY }: Look, seen: Float32Array): void {
    const framed = this.#framed;
    const stride = this.#stride;
    const [height, width] = this.picture;
    for (let c = 0, out = 0; c < this.channels; c++) {
      framed.fill(0);
      for (let y = 0, from = c * height * width; y < height; y++)
        for (let x = 0, to = (y + 1) * stride + 1; x < width; x++) framed[to++] = picture[from++]! - GREY;
      for (let i = 0; i < at.length; i++) {
        const k = at[i]!;
        const fx = partX[i]!;
        const upper = framed[k]! + fx * (framed[k + 1]! - framed[k]!);
        const lower = framed[k + stride]! + fx * (framed[k + stride + 1]! - framed[k + stride]!);
        seen[out++] = GREY + upper + partY[i]! * (lower - upper);
      }
    }
  }

  /** The adjoint of `see` (of its linear part): from the gradient of what is seen to that of the picture. */
  gradient(seen: Float32Array, { at, partX, partY }: Look, picture: Float32Array): void {
    const framed = this.#framed;
    const stride = this.#stride;
    const [height, width] = this.picture;
    for (let c = 0, from = 0; c < this.channels; c++) {
      framed.fill(0);
      for (let i = 0; i < at.length; i++) {
        const k = at[i]!;
        const fx = partX[i]!;
        const value = seen[from++]!;
        const lower = value * partY[i]!;
        const upper = value - lower;
        framed[k]! += upper - upper * fx;
        framed[k + 1]! += upper * fx;
        framed[k + stride]! += lower - lower * fx;
        framed[k + stride + 1]! += lower * fx;
      }
      for (let y = 0, to = c * height * width; y < height; y++)
        for (let x = 0, inner = (y + 1) * stride + 1; x < width; x++) picture[to++] = framed[inner++]!;
    }
  }
}
