/** What a node does with the sum of what reaches it. Nguyen 2015, §2.3, after PicBreeder (Secretan 2011). */
export const ACTIVATIONS = ['sine', 'sigmoid', 'Gaussian', 'linear'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** What a network is told of each pixel. */
export const INPUTS = ['x', 'y', 'radius', 'bias'] as const;

export interface Node {
  readonly id: number;
  readonly activation: Activation;
}

export interface Link {
  /** The same for the same link in all genomes (Stanley & Miikkulainen 2002, §3.2). */
  readonly innovation: number;
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  /** Links that a node was put on stay, and carry nothing. */
  readonly enabled: boolean;
}

/**
 * A compositional pattern-producing network without cycles (Stanley 2007). Ids of nodes: `INPUTS` from 0, then the outputs, then
 * hidden ones.
 */
export interface Genome {
  /** Outputs first, in their order; inputs are not listed. */
  readonly nodes: readonly Node[];
  readonly links: readonly Link[];
}

/** Weights lie in ± this. */
export const MOST_WEIGHT = 3;

/**
 * The nodes that the outputs need, in an order in which each comes after those that it is made from. Links that are disabled do
 * not count.
 */
export function inOrder({ nodes, links }: Genome, outputs: number): Node[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const into = new Map<number, number[]>();
  for (const { from, to, enabled } of links) if (enabled) into.set(to, [...(into.get(to) ?? []), from]);
  const ordered: Node[] = [];
  const seen = new Set<number>();
  const visit = (id: number) => {
    const node = byId.get(id);
    if (!node || seen.has(id)) return;
    seen.add(id);
    into.get(id)?.forEach(visit);
    ordered.push(node);
  };
  nodes.slice(0, outputs).forEach(({ id }) => visit(id));
  return ordered;
}

/** Whether a link between two nodes would close a cycle: whether `from` is made from `to`, links that are disabled too. */
export function wouldCycle({ links }: Genome, from: number, to: number): boolean {
  const queue = [to];
  const seen = new Set(queue);
  for (const id of queue) {
    if (id === from) return true;
    for (const link of links)
      if (link.from === id && !seen.has(link.to)) {
        seen.add(link.to);
        queue.push(link.to);
      }
  }
  return false;
}
