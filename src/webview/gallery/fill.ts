/** How far the pictures of a gallery are: by unit, whether the cache was asked, and whether the picture is there. */
export interface Filled {
  readonly count: number;
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

/** The first few that are wanted: of those in view, then by number. */
function next({ count }: Filled, seen: readonly number[], most: number, wanted: (unit: number) => boolean): number[] {
  const found = seen.filter(wanted).slice(0, most);
  const known = new Set(found);
  for (let unit = 0; unit < count && found.length < most; unit++)
    if (!known.has(unit) && wanted(unit)) found.push(unit);
  return found;
}

export const ORDERS = ['by number', 'by activation', 'by name'] as const;
export type Order = (typeof ORDERS)[number];

/** Units in the order to show them; equal ones stay by number. */
export function orderUnits(
  count: number,
  order: Order,
  { names, strengths }: { readonly names?: readonly string[]; readonly strengths?: readonly number[] },
): number[] {
  const units = Array.from({ length: count }, (_, unit) => unit);
  if (order === 'by activation' && strengths) return units.sort((a, b) => strengths[b]! - strengths[a]! || a - b);
  if (order === 'by name' && names) {
    const compare = new Intl.Collator('en', { numeric: true }).compare;
    return units.sort((a, b) => compare(names[a]!, names[b]!) || a - b);
  }
  return units;
}
