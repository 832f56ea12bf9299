import { distance } from 'fastest-levenshtein';

/** The names most like a mistyped one, best first: those that contain it, then by edit distance. */
export function nearest(wanted: string, names: readonly string[], count = 3): string[] {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_/-]+/g, ' ');
  const goal = plain(wanted);
  const cost = (name: string) => (goal !== '' && plain(name).includes(goal) ? 0 : 1 + distance(goal, plain(name)));
  return names
    .map((name) => ({ name, cost: cost(name) }))
    .sort((a, b) => a.cost - b.cost || a.name.length - b.name.length)
    .slice(0, count)
    .map(({ name }) => name);
}

/** `'a', 'b', 'c'`, for messages. */
export const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
