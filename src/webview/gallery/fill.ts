/** How far the pictures of a gallery are: by unit, whether the cache was asked, and whether the picture is there. */
export interface Filled {
  /** All units, in the order in which they are to come. */
  readonly order: readonly number[];
  looked(unit: number): boolean;
  has(unit: number): boolean;
}

const LOOK = 48;
const MAKE = 9;

/** Units to look for in the cache next: those in view first, then the others; none when all were looked for. */
export function toLook(filled: Filled, seen: readonly number[]): number[] {
  return next(filled, seen, LOOK, (unit) => !filled.looked(unit));
}

/** Units to make next, together: those in view that are missing, the others when all were looked for. */
export function toMake(filled: Filled, seen: readonly number[]): number[] {
  if (seen.some((unit) => !filled.looked(unit))) return [];
  const missing = (unit: number) => filled.looked(unit) && !filled.has(unit);
  const inView = seen.filter(missing).slice(0, MAKE);
  if (inView.length === MAKE || toLook(filled, seen).length > 0) return inView;
  return next(filled, seen, MAKE, missing);
}

/** The first few that are wanted: of those in view, then of what follows them, then of the rest. */
function next({ order }: Filled, seen: readonly number[], most: number, wanted: (unit: number) => boolean): number[] {
  const found = new Set(seen.filter(wanted).slice(0, most));
  const start = seen.length === 0 ? 0 : order.indexOf(seen.at(-1)!) + 1;
  for (let i = 0; i < order.length && found.size < most; i++) {
    const unit = order[(start + i) % order.length]!;
    if (wanted(unit)) found.add(unit);
  }
  return [...found];
}
