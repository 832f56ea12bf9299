import type { Picture } from '../results.ts';
import { GLYPHS, LINE_HEIGHT } from './glyphs.ts';

export type Colour = readonly [red: number, green: number, blue: number];

export type Point = readonly [x: number, y: number];

interface TextOptions {
  readonly colour: Colour;
  /** Which part of the text is at x; default its start. */
  readonly align?: 'start' | 'middle' | 'end';
  /** Upwards, turned to the left: for the name of a y axis. */
  readonly upwards?: boolean;
}

/** An RGB picture to draw lines and text on; what lies outside is left out. The middle of the first pixel is at .5, .5. */
export class Canvas implements Picture {
  readonly rgb: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
    background: Colour,
  ) {
    this.rgb = new Uint8Array(width * height * 3);
    for (let i = 0; i < this.rgb.length; i++) this.rgb[i] = background[i % 3]!;
  }

  /** From x0, y0 up to, not including, x1, y1. */
  fill(x0: number, y0: number, x1: number, y1: number, colour: Colour, opacity = 1): void {
    for (let y = Math.max(0, y0); y < Math.min(this.height, y1); y++)
      for (let x = Math.max(0, x0); x < Math.min(this.width, x1); x++) this.#blend(x, y, colour, opacity);
  }

  /** A smooth line through points, with round corners. Its parts are one line: they don't darken each other. */
  line(points: readonly Point[], colour: Colour, width: number): void {
    const coverage = new Map<number, number>();
    const reach = width / 2 + 0.5;
    points.forEach((to, i) => {
      const from = points[Math.max(0, i - 1)]!;
      if (![...from, ...to].every(Number.isFinite)) return;
      const [left, right] = [Math.min(from[0], to[0]) - reach, Math.max(from[0], to[0]) + reach];
      const [top, bottom] = [Math.min(from[1], to[1]) - reach, Math.max(from[1], to[1]) + reach];
      for (let y = Math.max(0, Math.floor(top)); y < Math.min(this.height, bottom); y++)
        for (let x = Math.max(0, Math.floor(left)); x < Math.min(this.width, right); x++) {
          const share = Math.min(1, reach - distance([x + 0.5, y + 0.5], from, to));
          const at = y * this.width + x;
          if (share > (coverage.get(at) ?? 0)) coverage.set(at, share);
        }
    });
    for (const [at, share] of coverage) this.#blend(at % this.width, Math.floor(at / this.width), colour, share);
  }

  /** Text whose line is centred on y (on x where it goes upwards). */
  text(text: string, x: number, y: number, { colour, align = 'start', upwards = false }: TextOptions): void {
    const before = { start: 0, middle: 0.5, end: 1 }[align] * textWidth(text);
    let along = Math.round((upwards ? -y : x) - before);
    const across = Math.round((upwards ? x : y) - LINE_HEIGHT / 2);
    for (const character of text) {
      const { width, opacity } = glyph(character);
      for (let i = 0; i < width * LINE_HEIGHT; i++) {
        const [a, b] = [along + (i % width), across + Math.floor(i / width)];
        if (opacity[i]! > 0) this.#blend(upwards ? b : a, upwards ? -a : b, colour, opacity[i]!);
      }
      along += width;
    }
  }

  #blend(x: number, y: number, colour: Colour, opacity: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = (y * this.width + x) * 3;
    for (let c = 0; c < 3; c++) this.rgb[at + c] = Math.round(this.rgb[at + c]! * (1 - opacity) + colour[c]! * opacity);
  }
}

/** In pixels. */
export const textWidth = (text: string): number =>
  [...text].reduce((width, character) => width + glyph(character).width, 0);

function distance([x, y]: Point, [x0, y0]: Point, [x1, y1]: Point): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / square));
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}

interface Glyph {
  readonly width: number;
  /** Row by row, 0 to 1. */
  readonly opacity: Float32Array;
}

const decoded = new Map<string, Glyph>();

function glyph(character: string): Glyph {
  const known = decoded.get(character);
  if (known) return known;
  const drawn = GLYPHS.find((one) => one.startsWith(character)) ?? GLYPHS.find((one) => one.startsWith('?'))!;
  const width = Number(drawn.slice(1, 3));
  const bytes = atob(drawn.slice(3));
  const opacity = Float32Array.from({ length: width * LINE_HEIGHT }, (_, i) => {
    const byte = bytes.charCodeAt(i >> 1);
    return (i % 2 === 0 ? byte >> 4 : byte & 15) / 15;
  });
  const made = { width, opacity };
  decoded.set(character, made);
  return made;
}
