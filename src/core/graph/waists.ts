import type { Graph } from './graph.ts';

/** A tensor that alone carries what the network has seen on to the outputs. */
export interface Waist {
  readonly tensor: string;
  /** Of the node that makes it. */
  readonly at: number;
  readonly op: string;
}

/** Every waist between an input and the outputs, in the graph's order. `graph` holds only what its outputs depend on. */
export function waistsOf(graph: Graph, input: string): Waist[] {
  const lastUse = new Map<string, number>();
  graph.nodes.forEach(({ inputs }, at) => inputs.forEach((name) => lastUse.set(name, at)));
  for (const name of graph.outputs) lastUse.set(name, graph.nodes.length);
  const seen = new Set([input]);
  const live = new Set([input]);
  const waists: Waist[] = [];
  graph.nodes.forEach(({ op, inputs, outputs }, at) => {
    if (!inputs.some((name) => seen.has(name))) return;
    for (const name of outputs) {
      seen.add(name);
      live.add(name);
    }
    for (const name of live) if (!outputs.includes(name) && (lastUse.get(name) ?? -1) <= at) live.delete(name);
    const used = outputs.filter((name) => lastUse.has(name));
    if (used.length === 1 && [...live].every((name) => outputs.includes(name)))
      waists.push({ tensor: used[0]!, at, op });
  });
  return waists;
}
