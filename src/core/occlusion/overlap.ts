import { windowCount, type Windows } from './windows.ts';

export type Overlap = 'mean' | 'sum';

/**
 * A map of the picture, height × width, from one value a window: at each pixel the mean or the sum over the windows that hide it;
 * 0 where none does. Mean: Captum's `Occlusion`; sum: PAIR's and Xplique's.
 */
export function overlapMap(windows: Windows, values: ArrayLike<number>, overlap: Overlap): Float32Array {
  const { rows, columns, height, width, picture } = windows;
  // A window's value at its corners with alternating signs: the sums from the upper left are then the value inside it.
  const line = picture.width + 1;
  const total = new Float64Array((picture.height + 1) * line);
  const count = new Int32Array(total.length);
  rows.forEach((top, r) => {
    const bottom = Math.min(top + height, picture.height);
    columns.forEach((left, c) => {
      const right = Math.min(left + width, picture.width);
      const value = values[r * columns.length + c]!;
      for (const [y, x, sign] of [
        [top, left, 1],
        [top, right, -1],
        [bottom, left, -1],
        [bottom, right, 1],
      ] as const) {
        total[y * line + x] = total[y * line + x]! + sign * value;
        count[y * line + x] = count[y * line + x]! + sign;
      }
    });
  });
  const map = new Float32Array(picture.height * picture.width);
  for (let y = 0; y < picture.height; y++) {
    let [row, hiding] = [0, 0];
    for (let x = 0; x < picture.width; x++) {
      const at = y * line + x;
      row += total[at]!;
      hiding += count[at]!;
      const above = y > 0 ? at - line : -1;
      total[at] = row + (above < 0 ? 0 : total[above]!);
      count[at] = hiding + (above < 0 ? 0 : count[above]!);
      if (count[at]! > 0) map[y * picture.width + x] = overlap === 'sum' ? total[at]! : total[at]! / count[at]!;
    }
  }
  return map;
}

/**
 * The values of all windows where only some are known (NaN: not yet): the others take the nearest known one of the finest
 * grid that has one there, as `coarseToFine` fills them.
 */
export function guessUnknown(windows: Windows, values: Float64Array): Float64Array {
  const [rows, columns] = [windows.rows.length, windows.columns.length];
  const snap = (i: number, step: number, count: number) =>
    Math.min(Math.round(i / step), Math.floor((count - 1) / step)) * step;
  const full = values.slice();
  for (let i = 0; i < windowCount(windows); i++)
    for (let step = 2; Number.isNaN(full[i]!) && step <= 2 * Math.max(rows, columns); step *= 2)
      full[i] = values[snap(Math.floor(i / columns), step, rows) * columns + snap(i % columns, step, columns)]!;
  return full;
}
