import type { Dead, Tile } from '../../core/results.ts';

export const TILE_ORDERS = ['strongest first', 'by number', 'by mean', 'by maximum'] as const;
export type TileOrder = (typeof TILE_ORDERS)[number];

/** Positions in `tiles`, in the order to show them. Equal ones stay by number. */
export function orderTiles(tiles: readonly Tile[], order: TileOrder): number[] {
  const key = KEYS[order];
  return tiles.map((_, index) => index).sort((a, b) => key(tiles[b]!) - key(tiles[a]!) || a - b);
}

const KEYS: Record<TileOrder, (tile: Tile) => number> = {
  'strongest first': (tile) => tile.norm,
  'by number': () => 0,
  'by mean': (tile) => tile.mean,
  'by maximum': (tile) => tile.max,
};

/** A unit that says nothing: to this image, or at all. */
export const isDead = (tile: Tile): boolean => tile.dead !== undefined || (tile.min === 0 && tile.max === 0);

const DEAD_TEXTS: Readonly<Record<Dead, string>> = {
  zero: 'dead: no weights',
  never: 'dead: weights and bias hold back all it sees',
  silent: 'silent: answers nowhere',
};

export const deadText = ({ dead }: Tile): string => (dead ? DEAD_TEXTS[dead] : 'dead: zero everywhere');

/** How many picture elements of the screen one value takes on each side: whole, so that pixels stay square. */
export function tileScale(width: number, height: number, wanted: number): number {
  return Math.max(1, Math.round(wanted / Math.max(width, height)));
}

/**
 * The width of pictures that are wanted `size` wide, in rows `gap` apart: somewhat narrower where that makes room for one more
 * in a row, so that no wide strip stays empty beside them.
 */
export function fittedSize(size: number, count: number, width: number, gap: number): number {
  const columns = Math.max(1, Math.floor((width + gap) / (size + gap)));
  const narrower = Math.floor((width + gap) / (columns + 1)) - gap;
  return count > columns && narrower >= MOST_NARROWED * size ? narrower : size;
}

const MOST_NARROWED = 0.85;

export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly height: number;
}

export interface Cell {
  readonly width: number;
  readonly height: number;
  readonly gap: number;
}

/** Where equal cells lie in a column of the page `width` wide. */
export function gridOf(count: number, width: number, cell: Cell): Grid {
  const cellWidth = cell.width + cell.gap;
  const cellHeight = cell.height + cell.gap;
  const columns = Math.max(1, Math.floor((width + cell.gap) / cellWidth));
  const rows = Math.ceil(count / columns);
  return { columns, rows, cellWidth, cellHeight, height: Math.max(0, rows * cellHeight - cell.gap) };
}

/** The cells that are seen when `viewport` pixels from `top` are in view, and `margin` pixels more on both sides. */
export function visibleCells(
  grid: Grid,
  count: number,
  top: number,
  viewport: number,
  margin = 0,
): { from: number; to: number } {
  const first = Math.max(0, Math.floor((top - margin) / grid.cellHeight));
  const last = Math.max(0, Math.ceil((top + viewport + margin) / grid.cellHeight));
  return { from: Math.min(count, first * grid.columns), to: Math.min(count, last * grid.columns) };
}

/** The position that an arrow key leads to from `index`; the same where there is none. */
export function moveInGrid(index: number, key: string, count: number, columns: number): number {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const next = index + (steps[key] ?? 0);
  return next < 0 || next >= count ? index : next;
}

/** `1st`, `2nd`, `3rd`, `11th`. */
export function ordinal(place: number): string {
  const teen = place % 100 > 10 && place % 100 < 14;
  return `${place}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th')}`;
}

/**
 * Numbers as the command line's `--unit` takes them: runs of three and more as ranges. Three single numbers would be one
 * position there, so the last of those is written as a range.
 */
export function unitList(units: readonly number[]): string {
  const parts: string[] = [];
  for (let start = 0; start < units.length;) {
    let end = start + 1;
    while (end < units.length && units[end] === units[end - 1]! + 1) end++;
    if (end - start > 2) parts.push(`${units[start]}-${units[end - 1]}`);
    else parts.push(...units.slice(start, end).map(String));
    start = end;
  }
  const three = parts.length === 3 && units.length === 3;
  return parts.join(',') + (three ? `-${units[2]}` : '');
}

/** The next units to show after `shown`: the strongest, where that is known, else by number. */
export function nextUnits(
  channels: number,
  shown: ReadonlySet<number>,
  strongest: readonly number[],
  count: number,
): number[] {
  const order = strongest.length ? strongest : Array.from({ length: channels }, (_, unit) => unit);
  return order.filter((unit) => !shown.has(unit)).slice(0, count);
}
