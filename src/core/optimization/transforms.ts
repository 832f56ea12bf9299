import type { ChannelMap } from '../images/preprocess.ts';
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
    const stride = this.#stride;
    // One more than in the picture, for the frame; what lies farther out is as grey as the frame.
    const [mostX, mostY] = [width + 1, height + 1];
    const { xx, yx } = view;
    for (let row = 0, i = 0; row < rows; row++) {
      const v = row + 0.5 - rows / 2;
      const fromX = view.xy * v + view.x0 + width / 2 + 0.5;
      const fromY = view.yy * v + view.y0 + height / 2 + 0.5;
      for (let column = 0; column < columns; column++, i++) {
        const u = column + 0.5 - columns / 2;
        const farX = xx * u + fromX;
        const farY = yx * u + fromY;
        const x = farX < 0 ? 0 : farX > mostX ? mostX : farX;
        const y = farY < 0 ? 0 : farY > mostY ? mostY : farY;
        const left = x | 0;
        const top = y | 0;
        at[i] = top * stride + left;
        partX[i] = x - left;
        partY[i] = y - top;
      }
    }
  }

  /** From a picture (C×h×w) to what is seen of it (C×H×W of the window), each channel as `maps` says. */
  see(picture: Float32Array, look: Look, seen: Float32Array, maps = asIs(this.channels)): void {
    const [height, width] = this.picture;
    const area = look.at.length;
    for (const [c, { plane, gain, offset }] of maps.entries()) {
      const from = picture.subarray(plane * height * width, (plane + 1) * height * width);
      for (let y = 0; y < height; y++) lessGrey(from, y * width, this.#framed, (y + 1) * this.#stride + 1, width);
      read(this.#framed, this.#stride, look, seen.subarray(c * area, (c + 1) * area), gain, GREY * gain + offset);
    }
  }

  /** The adjoint of `see` (of its linear part): from the gradient of what is seen to that of the picture. */
  gradient(seen: Float32Array, look: Look, picture: Float32Array, maps = asIs(this.channels)): void {
    const [height, width] = this.picture;
    const area = look.at.length;
    for (const [c, { plane, gain }] of maps.entries()) {
      this.#framed.fill(0);
      spread(seen.subarray(c * area, (c + 1) * area), gain, look, this.#framed, this.#stride);
      for (let y = 0; y < height; y++) {
        const inner = (y + 1) * this.#stride + 1;
        picture.set(this.#framed.subarray(inner, inner + width), (plane * height + y) * width);
      }
    }
    this.#framed.fill(0);
  }
}

const asIs = (channels: number): readonly ChannelMap[] =>
  Array.from({ length: channels }, (_, plane) => ({ plane, gain: 1, offset: 0 }));

function lessGrey(plane: Float32Array, from: number, framed: Float32Array, to: number, count: number): void {
  for (let x = 0; x < count; x++) framed[to + x] = plane[from + x]! - GREY;
}

/** Interpolates: offset + gain · value. */
function read(
  framed: Float32Array,
  stride: number,
  { at, partX, partY }: Look,
  seen: Float32Array,
  gain: number,
  offset: number,
): void {
  for (let i = 0; i < seen.length; i++) {
    const k = at[i]!;
    const fx = partX[i]!;
    const a = framed[k]!;
    const b = framed[k + stride]!;
    const upper = a + fx * (framed[k + 1]! - a);
    const lower = b + fx * (framed[k + stride + 1]! - b);
    seen[i] = offset + gain * (upper + partY[i]! * (lower - upper));
  }
}

/** The adjoint of `read`, but for the offset: added to the frame. */
function spread(
  seen: Float32Array,
  gain: number,
  { at, partX, partY }: Look,
  framed: Float32Array,
  stride: number,
): void {
  for (let i = 0; i < seen.length; i++) {
    const k = at[i]!;
    const fx = partX[i]!;
    const value = gain * seen[i]!;
    const lower = value * partY[i]!;
    const upper = value - lower;
    const right = upper * fx;
    const lowerRight = lower * fx;
    framed[k]! += upper - right;
    framed[k + 1]! += right;
    framed[k + stride]! += lower - lowerRight;
    framed[k + stride + 1]! += lowerRight;
  }
}
