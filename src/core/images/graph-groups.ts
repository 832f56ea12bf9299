import type { GraphBox, GraphResult } from '../results.ts';

/** Boxes drawn as one: the first, and those that only finish its work. */
export interface Group {
  readonly boxes: readonly [GraphBox, ...GraphBox[]];
}

export interface Groups {
  readonly groups: readonly Group[];
  /** Positions in `groups`. */
  readonly edges: readonly (readonly [from: number, to: number])[];
}

/**
 * Joins what follows a box alone and leaves its shape as it is (activation functions, normalisation, dropout) to it, so that a
 * drawing has about half the boxes.
 */
export function groupsOf({ boxes, edges }: Pick<GraphResult, 'boxes' | 'edges'>): Groups {
  const inputs = new Map<string, string[]>();
  const uses = new Map<string, number>();
  for (const { from, to } of edges) {
    inputs.set(to, [...(inputs.get(to) ?? []), from]);
    uses.set(from, (uses.get(from) ?? 0) + 1);
  }
  const groupOf = new Map<string, number>();
  const groups: [GraphBox, ...GraphBox[]][] = [];
  for (const box of boxes) {
    const [before, ...more] = inputs.get(box.name) ?? [];
    const at = before === undefined ? undefined : groupOf.get(before);
    const host = at === undefined ? undefined : groups[at];
    const last = host?.at(-1);
    const joins =
      host &&
      last &&
      more.length === 0 &&
      last.name === before &&
      uses.get(before) === 1 &&
      inputs.has(host[0].name) &&
      box.block === last.block &&
      String(box.shape) === String(last.shape) &&
      box.parameters <= 8 * (box.shape?.[0] ?? 0) &&
      !/conv|dense|gemm|pool|linear/i.test(box.kind);
    if (joins) host.push(box);
    else groups.push([box]);
    groupOf.set(box.name, joins ? at! : groups.length - 1);
  }
  const pairs = new Map<string, readonly [number, number]>();
  for (const { from, to } of edges) {
    const [a, b] = [groupOf.get(from), groupOf.get(to)];
    if (a !== undefined && b !== undefined && a !== b) pairs.set(`${a} ${b}`, [a, b]);
  }
  return { groups: groups.map((members) => ({ boxes: members })), edges: [...pairs.values()] };
}
