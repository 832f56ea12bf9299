/** Square root of the colours' covariance in ImageNet's pictures, by its singular values (Lucid, optvis/param/color.py). */
const CORRELATION = [
  [0.26, 0.09, 0.02],
  [0.27, 0.0, -0.05],
  [0.27, -0.09, 0.03],
] as const;

/** Red, green and blue by decorrelated planes: scaled so that the longest column has length 1. */
export const COLOURS: Matrix = CORRELATION.map((row) =>
  row.map((value) => value / Math.hypot(...CORRELATION.map(([first]) => first))),
);

const UNMIX = inverse(COLOURS);

/** Σ c cᵀ / |c| of its columns c: the root of the colours' covariance, symmetric. */
const ROOT: Matrix = [0, 1, 2].map((i) =>
  [0, 1, 2].map((j) =>
    [0, 1, 2].reduce((sum, k) => {
      const length = Math.hypot(...COLOURS.map((row) => row[k]!));
      return sum + (COLOURS[i]![k]! * COLOURS[j]![k]!) / length;
    }, 0),
  ),
);

/**
 * Weights a gradient's colours (3×area, in place) as they vary in pictures: brightness most. It still points upwards. Not of other channels
 * than three.
 */
export function weightColours(gradient: Float32Array, area: number): void {
  if (gradient.length === 3 * area) mix(gradient, ROOT);
}

/** A level of a byte's third: darker is black to the eye. */
const DARKEST = 1 / 765;

const logit = (value: number) => Math.log(value / (1 - value));

/**
 * From an image with values 0..1 to planes without bounds, in place (C×area): the inverse of the logistic function; then, for colour,
 * the planes of which each is a direction of its own. Black and white, which no planes make, become nearly black and nearly white.
 * Olah, Mordvintsev & Schubert 2017, "Preconditioning and parameterization".
 */
export function fromColours(image: Float32Array, channels: number): void {
  for (let i = 0; i < image.length; i++) image[i] = logit(Math.min(1 - DARKEST, Math.max(DARKEST, image[i]!)));
  if (channels === 3) mix(image, UNMIX);
}

type Nine = [number, number, number, number, number, number, number, number, number];
type Matrix = readonly (readonly number[])[];

function transposed(matrix: Matrix): number[][] {
  return [0, 1, 2].map((column) => matrix.map((row) => row[column]!));
}

/** Multiplies the three planes' values, pixel by pixel. */
function mix(planes: Float32Array, matrix: Matrix): void {
  const [a, b, c, d, e, f, g, h, i] = matrix.flat() as unknown as Nine;
  const area = planes.length / 3;
  for (let p = 0; p < area; p++) {
    const x = planes[p]!;
    const y = planes[area + p]!;
    const z = planes[2 * area + p]!;
    planes[p] = a * x + b * y + c * z;
    planes[area + p] = d * x + e * y + f * z;
    planes[2 * area + p] = g * x + h * y + i * z;
  }
}

/** Cramer's rule. */
function inverse(matrix: Matrix): number[][] {
  const columns = transposed(matrix);
  const unit = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 1 : 0)));
  return [0, 1, 2].map((row) => unit.map((column) => determinant(columns.with(row, column)) / determinant(columns)));
}

function determinant([a, b, c]: Matrix): number {
  const minor = (i: number, j: number) => b![i]! * c![j]! - b![j]! * c![i]!;
  return a![0]! * minor(1, 2) - a![1]! * minor(0, 2) + a![2]! * minor(0, 1);
}
