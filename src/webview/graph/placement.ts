import { graphlib, layout as dagreLayout } from '@dagrejs/dagre';
import { isWired, type Item, type Structure } from './structure.ts';
import type { Point, Rectangle } from './wires.ts';

export interface Sized {
  readonly item: Item;
  readonly width: number;
  readonly height: number;
}

interface Joined {
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
}

export interface Placed {
  readonly placed: readonly (Sized & Rectangle)[];
  readonly wires: readonly Joined[];
  readonly width: number;
  readonly height: number;
}

/** Where a block's branches part and meet, when they do so outside of it: a residual's way around. */
const ENTRY = '·entry';
const EXIT = '·exit';

/**
 * Places boxes top to bottom by what feeds what. `level`: whole blocks and single stacks (`itemOf`), or the stacks of one block
 * (`stackOf`). `gap`: between rows, in pixels.
 */
export function place(sized: readonly Sized[], structure: Structure, level: 'stackOf' | 'itemOf', gap: number): Placed {
  if (!isWired(structure)) return listed(sized, gap);
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 12, edgesep: 12, ranksep: gap });
  graph.setDefaultEdgeLabel(() => ({}));
  const idOf = (name: string): string | undefined => {
    const block = level === 'itemOf' ? structure.blockOf.get(name) : undefined;
    return (block ?? structure.stackOf.get(name))?.id;
  };
  for (const { item, width, height } of sized) graph.setNode(item.id, { width, height });
  const [entered, left] = [new Set<string>(), new Set<string>()];
  for (const layer of structure.layers.values())
    for (const input of layer.inputs) {
      const [from, to] = [idOf(input), idOf(layer.name)];
      if (from === undefined || to === undefined || from === to) continue;
      const [fromInside, toInside] = [graph.hasNode(from), graph.hasNode(to)];
      if (fromInside && toInside) graph.setEdge(from, to);
      else if (toInside) entered.add(to);
      else if (fromInside) left.add(from);
    }
  if (entered.size > 1) for (const to of entered) graph.setNode(ENTRY, { width: 0, height: 0 }).setEdge(ENTRY, to);
  if (left.size > 1) for (const from of left) graph.setNode(EXIT, { width: 0, height: 0 }).setEdge(from, EXIT);
  dagreLayout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const placed = sized.map((one) => {
    const { x, y } = graph.node(one.item.id) as Point;
    return { ...one, x: x - one.width / 2, y: y - one.height / 2 };
  });
  const wires = graph.edges().map(({ v, w }) => {
    const { points } = graph.edge(v, w) as { points: Point[] };
    return { from: v, to: w, points: straightened(points, graph.node(v) as Node, graph.node(w) as Node) };
  });
  return { placed, wires, width, height };
}

/** One below the other, in their order. */
function listed(sized: readonly Sized[], gap: number): Placed {
  const width = Math.max(0, ...sized.map((one) => one.width));
  let y = 0;
  const placed = sized.map((one) => {
    const at = { ...one, x: (width - one.width) / 2, y };
    y += one.height + gap;
    return at;
  });
  return { placed, wires: [], width, height: Math.max(0, y - gap) };
}

interface Node extends Point {
  readonly width: number;
  readonly height: number;
}

/** A wire leaves the middle of the box above and enters the middle of the one below. */
const straightened = (points: readonly Point[], above: Node, below: Node): Point[] => [
  { x: above.x, y: above.y + above.height / 2 },
  ...points.slice(1, -1),
  { x: below.x, y: below.y - below.height / 2 },
];
