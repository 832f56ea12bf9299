import type { Tile } from '../results.ts';

/** A tile's statistics: of `length` values from `from`. */
export function tile(unit: number, label: string, values: ArrayLike<number>, from: number, length: number): Tile {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let squares = 0;
  for (let i = from; i < from + length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    squares += value * value;
  }
  return { unit, label, min, max, mean: sum / length, norm: Math.sqrt(squares) };
}
