export const ORDERS = ['by number', 'by activation', 'by name'] as const;
export type Order = (typeof ORDERS)[number];

interface Known {
  readonly names?: readonly string[] | undefined;
  readonly strengths?: readonly number[] | undefined;
}

/** Units in the order to show them; equal ones stay by number. */
export function orderUnits(count: number, order: Order, { names, strengths }: Known): number[] {
  const units = Array.from({ length: count }, (_, unit) => unit);
  if (order === 'by activation' && strengths) return units.sort((a, b) => strengths[b]! - strengths[a]! || a - b);
  if (order === 'by name' && names) {
    const compare = new Intl.Collator('en', { numeric: true }).compare;
    return units.sort((a, b) => compare(names[a]!, names[b]!) || a - b);
  }
  return units;
}

/** Those with this number, or with these letters in their name; all where nothing is asked for. */
export function findUnits(units: readonly number[], wanted: string, names: readonly string[] | undefined): number[] {
  const text = wanted.trim().toLowerCase();
  if (text === '') return [...units];
  return units.filter((unit) => `${unit}` === text || names?.[unit]?.toLowerCase().includes(text));
}
