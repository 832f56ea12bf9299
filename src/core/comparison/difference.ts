import { usageError } from '../errors.ts';
import { showShape } from '../graph/shapes.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import type { MosaicResult, Result, Tile } from '../results.ts';
import { kernelGrid } from '../visualizers/kernel-drawings.ts';
import { tile } from '../visualizers/tiles.ts';

/** The array of a method's result that is compared: units along its first axis for weights, along the second for activations. */
const ARRAYS: Readonly<Record<string, { readonly name: string; readonly axis: 0 | 1 }>> = {
  filters: { name: 'weights', axis: 0 },
  activations: { name: 'activation', axis: 1 },
};

export const COMPARED_METHODS: readonly string[] = Object.keys(ARRAYS);

export interface Difference {
  /** b − a, a tile a unit; undefined where the shapes differ. */
  readonly result: MosaicResult | undefined;
  /** Why there is none. */
  readonly why: string | undefined;
}

/**
 * What a unit of `b` has more than that of `a`, value by value, for arrays of equal shape: weights (O×I×H×W) as grids of
 * kernels, activations (of the first image) as maps. A tile's `norm` is ‖b − a‖ of its unit. Metrics: `norm` and `relative`
 * (‖b − a‖ / ‖a‖), all in all; `norms`, by unit of the array.
 */
export function differenceOf(method: string, a: Result, b: Result, title: string): Difference {
  const how = ARRAYS[method];
  if (!how) throw usageError(`${method} can't be compared. What can: ${COMPARED_METHODS.join(', ')}.`);
  const [of, from] = [b, a].map((result) => result.arrays[how.name] as Tensor<'float32'>) as [
    Tensor<'float32'>,
    Tensor<'float32'>,
  ];
  if (String(of.shape) !== String(from.shape))
    return {
      result: undefined,
      why: `No difference: the shapes are ${showShape(from.shape)} and ${showShape(of.shape)}.`,
    };
  const data = new Float32Array(of.data.length);
  let [squares, own] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const value = of.data[i]! - from.data[i]!;
    data[i] = value;
    squares += value * value;
    own += from.data[i]! ** 2;
  }
  const units = of.shape[how.axis]!;
  const size = (how.axis === 0 ? data.length : data.length / of.shape[0]!) / units;
  const labels = new Map('tiles' in a ? a.tiles.map(({ unit, label }) => [unit, label]) : []);
  const shown = 'tiles' in a ? a.tiles.map(({ unit }) => unit) : Array.from({ length: units }, (_, unit) => unit);
  const tiles = shown.map((unit): Tile => tile(unit, labels.get(unit) ?? String(unit), data, unit * size, size));
  const difference = float32(data, of.shape);
  const drawing = how.axis === 0 ? kernelGrid(difference, shown, of.shape[1]!) : mapsOf(difference, shown);
  const norms = Array.from({ length: units }, (_, unit) => tile(unit, '', data, unit * size, size).norm);
  return {
    result: {
      kind: 'mosaic',
      title,
      tiles,
      width: drawing.width,
      height: drawing.height,
      values: drawing.values,
      signed: true,
      ...('image' in a && a.image && { image: a.image }),
      arrays: { difference },
      metrics: {
        norm: Math.sqrt(squares),
        relative: own > 0 ? Math.sqrt(squares / own) : squares > 0 ? Infinity : 0,
        norms,
      },
      notes:
        squares === 0
          ? ['Both are equal, value by value.']
          : how.axis === 0
            ? scaledNotes(from.data, of.data, size)
            : [],
    },
    why: undefined,
  };
}

/** How far from parallel two filters may be that differ by rounding alone: 1 − cosine. */
const PARALLEL = 1e-5;

/** Says so where each filter of one is the other's times a factor; `size`: values of a filter. */
function scaledNotes(a: Float32Array, b: Float32Array, size: number): string[] {
  let [least, most] = [Infinity, 0];
  for (let at = 0; at < a.length; at += size) {
    let [both, first, second] = [0, 0, 0];
    for (let i = at; i < at + size; i++) {
      both += a[i]! * b[i]!;
      first += a[i]! ** 2;
      second += b[i]! ** 2;
    }
    if (first === 0 && second === 0) continue;
    if (!(Math.abs(both) >= (1 - PARALLEL) * Math.sqrt(first * second)) || first === 0 || second === 0) return [];
    least = Math.min(least, Math.abs(both) / first);
    most = Math.max(most, Math.abs(both) / first);
  }
  const isOne = (factor: number) => Math.abs(factor - 1) < 1e-3;
  if (size === 1 || (isOne(least) && isOne(most))) return [];
  return [
    `Each filter is the other's times a factor (${least.toPrecision(3)} to ${most.toPrecision(3)} in size), as where batch normalization is folded into one of them: a layer behind that tells whether both compute the same.`,
  ];
}

/** The maps of some channels of the first image. */
function mapsOf({ data, shape }: Tensor<'float32'>, shown: readonly number[]) {
  const [, , height = 1, width = 1] = shape;
  const area = height * width;
  const values = new Float32Array(shown.length * area);
  shown.forEach((unit, n) => values.set(data.subarray(unit * area, (unit + 1) * area), n * area));
  return { width, height, values };
}
