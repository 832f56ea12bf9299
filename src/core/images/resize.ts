import type { Picture } from '../results.ts';

/** Coefficients are whole numbers of 2^-22, so that sums of bytes are exact in 32 bits. */
const PRECISION = 22;

/**
 * Bilinear, as Pillow's `resize(…, BILINEAR)` computes it, to the last bit: the triangle grows with the reduction, so
 * shrinking averages (antialiases); first along rows, then along columns, rounded to bytes between.
 * Source: Pillow, libImaging/Resample.c (from version 13 on Pillow begins with the columns where that is less work).
 */
export function resize(picture: Picture, width: number, height: number): Picture {
  const rows = picture.width === width ? picture : transposed(resizeColumns(transposed(picture), width));
  return rows.height === height ? rows : resizeColumns(rows, height);
}

interface Window {
  readonly first: number;
  readonly weights: Int32Array;
}

/** By new pixel: the old ones that it takes, and how much of each. */
function windows(size: number, newSize: number): Window[] {
  const scale = size / newSize;
  const support = Math.max(scale, 1);
  return Array.from({ length: newSize }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(size, Math.trunc(centre + support + 0.5));
    const triangle = Array.from({ length: end - first }, (_, k) =>
      Math.max(0, 1 - Math.abs((k + first - centre + 0.5) / support)),
    );
    const total = triangle.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: Int32Array.from(triangle, (w) => Math.trunc(0.5 + (w / total) * (1 << PRECISION))) };
  });
}

function resizeColumns({ width, height, rgb }: Picture, newHeight: number): Picture {
  const row = width * 3;
  const result = new Uint8Array(row * newHeight);
  windows(height, newHeight).forEach(({ first, weights }, y) => {
    for (let i = 0; i < row; i++) {
      let sum = 1 << (PRECISION - 1);
      for (let k = 0; k < weights.length; k++) sum += rgb[(first + k) * row + i]! * weights[k]!;
      result[y * row + i] = Math.min(255, Math.max(0, sum >> PRECISION));
    }
  });
  return { width, height: newHeight, rgb: result };
}

/** Rows as columns: one loop serves both directions. */
function transposed({ width, height, rgb }: Picture): Picture {
  const result = new Uint8Array(rgb.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      const to = (x * height + y) * 3;
      result[to] = rgb[from]!;
      result[to + 1] = rgb[from + 1]!;
      result[to + 2] = rgb[from + 2]!;
    }
  return { width: height, height: width, rgb: result };
}

/** The largest part of the picture about its centre that has the proportions of width:height. */
export function cropCentre({ width, height, rgb }: Picture, toWidth: number, toHeight: number): Picture {
  const part = Math.min(width / toWidth, height / toHeight);
  const w = Math.min(width, Math.round(part * toWidth));
  const h = Math.min(height, Math.round(part * toHeight));
  const left = Math.floor((width - w) / 2);
  const top = Math.floor((height - h) / 2);
  const result = new Uint8Array(w * h * 3);
  for (let y = 0; y < h; y++) {
    const from = ((top + y) * width + left) * 3;
    result.set(rgb.subarray(from, from + w * 3), y * w * 3);
  }
  return { width: w, height: h, rgb: result };
}
