/** Square root of the colours' covariance in ImageNet's pictures, by its singular values (Lucid, optvis/param/color.py). */
const CORRELATION = [
  [0.26, 0.09, 0.02],
  [0.27, 0.0, -0.05],
  [0.27, -0.09, 0.03],
] as const;

/** Scaled so that the longest column has length 1. */
const MIX = CORRELATION.map((row) => row.map((value) => value / Math.hypot(...CORRELATION.map(([first]) => first))));

const UNMIX = inverse(MIX);

/** The logistic function as a table of 128 values a unit, between which it is linear: 10⁻⁶ off, and much faster. */
const REACH = 16;
const STEPS = 128;
const LOGISTIC = Float64Array.from({ length: 2 * REACH * STEPS + 2 }, (_, i) => 1 / (1 + Math.exp(REACH - i / STEPS)));

function logistic(value: number): number {
  const at = (Math.min(REACH, Math.max(-REACH, value)) + REACH) * STEPS;
  const below = Math.floor(at);
  return LOGISTIC[below]! + (at - below) * (LOGISTIC[below + 1]! - LOGISTIC[below]!);
}

/** A level of a byte's third: darker is black to the eye. */
const DARKEST = 1 / 765;

const logit = (value: number) => Math.log(value / (1 - value));

/**
 * From planes without bounds to an image with values 0..1, in place (C×area): for colour, red, green and blue as they come
 * together in pictures, so that each plane is a direction of its own; then the logistic function. One plane is grey.
 * Olah, Mordvintsev & Schubert 2017, "Preconditioning and parameterization".
 */
export function toColours(image: Float32Array, channels: number): void {
  if (channels === 3) mix(image, MIX);
  for (let i = 0; i < image.length; i++) image[i] = logistic(image[i]!);
}

/** The adjoint of `toColours` at the image it made: turns the gradient with respect to the image into that of the planes. */
export function coloursGradient(image: Float32Array, gradient: Float32Array, channels: number): void {
  for (let i = 0; i < image.length; i++) gradient[i]! *= image[i]! * (1 - image[i]!);
  if (channels === 3) mix(gradient, transposed(MIX));
}

/** The inverse of `toColours`, in place; black and white, which no planes make, become nearly black and nearly white. */
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
