export type Border = 'cut' | 'drop';

/** Where windows of one size stand on a picture: window (r, c) hides rows[r] … and columns[c] …, cut off at the border. */
export interface Windows {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** Of a window that the border does not cut. */
  readonly height: number;
  readonly width: number;
  readonly picture: { readonly height: number; readonly width: number };
}

interface Choice {
  /** Side of the square window; 0: a seventh of the shorter side, 32 at 224. */
  readonly window: number;
  /** Between neighbours; 0: half the window, 16 at 224. */
  readonly stride: number;
  /** The last window, where it does not fit: cut off at the border, or left out. */
  readonly border: Border;
}

/** The windows of a picture. A window that is larger than the picture covers its side. */
export function placeWindows(height: number, width: number, { window, stride, border }: Choice): Windows {
  const side = window || Math.max(1, Math.round(Math.min(height, width) / 7));
  const step = stride || Math.max(1, Math.round(side / 2));
  return {
    rows: starts(height, side, step, border),
    columns: starts(width, side, step, border),
    height: Math.min(side, height),
    width: Math.min(side, width),
    picture: { height, width },
  };
}

/** Along one axis: 0, stride … as long as a window fits, and with `cut` one more where pixels are left. */
function starts(size: number, window: number, stride: number, border: Border): number[] {
  const places = Math.max(0, size - window) / stride;
  // A stride beyond the window may step over all that is left.
  const count = 1 + Math.floor(border === 'cut' ? Math.min(Math.ceil(places), (size - 1) / stride) : places);
  return Array.from({ length: count }, (_, i) => i * stride);
}

export const windowCount = ({ rows, columns }: Windows): number => rows.length * columns.length;

/**
 * The windows (index r · columns + c) so that any beginning of the list is spread over the picture: first every 2^k-th along
 * both axes, then those between, and so on.
 */
export function coarseToFine({ rows, columns }: Windows): number[] {
  const order: number[] = [];
  const longest = Math.max(rows.length, columns.length);
  for (let step = 2 ** Math.floor(Math.log2(longest)); step >= 1; step /= 2)
    for (let r = 0; r < rows.length; r += step)
      for (let c = 0; c < columns.length; c += step) {
        const before = r % (2 * step) === 0 && c % (2 * step) === 0 && 2 * step <= longest;
        if (!before) order.push(r * columns.length + c);
      }
  return order;
}
