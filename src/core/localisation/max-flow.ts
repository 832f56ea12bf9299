/** The neighbours of a pixel, [x, y]; that of an odd number is opposite to the one before. */
export const NEIGHBOURS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [-1, -1],
  [-1, 1],
  [1, -1],
] as const;

export interface GridCapacities {
  readonly width: number;
  readonly height: number;
  /** From the source to each pixel, and from each pixel to the sink: height × width. */
  readonly source: Float64Array;
  readonly sink: Float64Array;
  /** From each pixel to its neighbours, in the order of `NEIGHBOURS`: height × width × 8; what leads out of the grid is ignored. */
  readonly links: Float64Array;
}

export interface MinimumCut {
  /** Of the largest flow, which is the value of the smallest cut. */
  readonly flow: number;
  /** height × width: 1 where a pixel is on the source's side (the smallest of the best such sets). */
  readonly side: Uint8Array;
}

/** What a node is part of: no tree, the source's, the sink's. */
const [FREE, SOURCE, SINK] = [0, 1, 2];
/** A node's parent: one of the eight neighbours, or these. */
const [TERMINAL, ORPHAN, NONE] = [8, 9, 10];

/**
 * The largest flow through a grid of 8 neighbours: two search trees grow from both ends, and are mended after each flow rather
 * than grown anew. Boykov & Kolmogorov 2004, An Experimental Comparison of Min-Cut/Max-Flow Algorithms, §3; marks and
 * distances as in their published program. Memory: about 130 bytes a pixel.
 */
export function maxFlow({ width, height, source, sink, links }: GridCapacities): MinimumCut {
  // A border of one node that nothing leads to: no neighbour has to be looked for beyond the edge.
  const stride = width + 2;
  const nodes = stride * (height + 2);
  const step = NEIGHBOURS.map(([x, y]) => y * stride + x);
  const residual = new Float64Array(nodes * 8);
  const terminal = new Float64Array(nodes); // > 0: left from the source; < 0: left to the sink
  const tree = new Uint8Array(nodes);
  const parent = new Uint8Array(nodes).fill(NONE);
  const mark = new Int32Array(nodes);
  const distance = new Int32Array(nodes);
  const waits = new Uint8Array(nodes);
  const queue = new Int32Array(nodes);
  let [queueFrom, queued] = [0, 0];
  const orphans: number[] = [];
  let [flow, time] = [0, 0];

  const activate = (node: number) => {
    if (waits[node]) return;
    waits[node] = 1;
    queue[(queueFrom + queued++) % nodes] = node;
  };

  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const node = (y + 1) * stride + x + 1;
      NEIGHBOURS.forEach(([dx, dy], d) => {
        const inside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
        if (inside) residual[node * 8 + d] = links[pixel * 8 + d]!;
      });
      flow += Math.min(source[pixel]!, sink[pixel]!);
      terminal[node] = source[pixel]! - sink[pixel]!;
      if (terminal[node] === 0) continue;
      tree[node] = terminal[node]! > 0 ? SOURCE : SINK;
      parent[node] = TERMINAL;
      distance[node] = 1;
      activate(node);
    }

  /** What can still flow between a node and its neighbour, away from the root of the tree. */
  const open = (node: number, d: number, own: number) =>
    own === SOURCE ? residual[node * 8 + d]! : residual[(node + step[d]!) * 8 + (d ^ 1)]!;

  /** A way from tree to tree over the link of `node` in direction d; −1 when there is none from here. */
  const grow = (node: number): number => {
    const own = tree[node]!;
    for (let d = 0; d < 8; d++) {
      if (!(open(node, d, own) > 0)) continue;
      const other = node + step[d]!;
      if (tree[other] === FREE) {
        tree[other] = own;
        parent[other] = d ^ 1;
        mark[other] = mark[node]!;
        distance[other] = distance[node]! + 1;
        activate(other);
      } else if (tree[other] !== own) return d;
      else if (mark[other]! <= mark[node]! && distance[other]! > distance[node]!) {
        parent[other] = d ^ 1; // a shorter way to the root
        mark[other] = mark[node]!;
        distance[other] = distance[node]! + 1;
      }
    }
    return -1;
  };

  const makeOrphan = (node: number) => {
    parent[node] = ORPHAN;
    orphans.push(node);
  };

  const augment = (from: number, d: number) => {
    const to = from + step[d]!;
    let most = residual[from * 8 + d]!;
    let node = from;
    for (; parent[node] !== TERMINAL; node += step[parent[node]!]!)
      most = Math.min(most, residual[(node + step[parent[node]!]!) * 8 + (parent[node]! ^ 1)]!);
    most = Math.min(most, terminal[node]!);
    for (node = to; parent[node] !== TERMINAL; node += step[parent[node]!]!)
      most = Math.min(most, residual[node * 8 + parent[node]!]!);
    most = Math.min(most, -terminal[node]!);

    residual[from * 8 + d]! -= most;
    residual[to * 8 + (d ^ 1)]! += most;
    for (node = from; parent[node] !== TERMINAL;) {
      const [up, above] = [parent[node]!, node + step[parent[node]!]!];
      residual[node * 8 + up]! += most;
      if ((residual[above * 8 + (up ^ 1)]! -= most) === 0) makeOrphan(node);
      node = above;
    }
    if ((terminal[node]! -= most) === 0) makeOrphan(node);
    for (node = to; parent[node] !== TERMINAL;) {
      const [up, above] = [parent[node]!, node + step[parent[node]!]!];
      residual[above * 8 + (up ^ 1)]! += most;
      if ((residual[node * 8 + up]! -= most) === 0) makeOrphan(node);
      node = above;
    }
    if ((terminal[node]! += most) === 0) makeOrphan(node);
    flow += most;
  };

  /** How far a node is from its tree's root; Infinity where it hangs on an orphan. Marks the way for this `time`. */
  const rooted = (start: number): number => {
    let [node, far] = [start, 0];
    for (;;) {
      if (mark[node] === time) {
        far += distance[node]!;
        break;
      }
      const up = parent[node]!;
      far++;
      if (up === TERMINAL) {
        mark[node] = time;
        distance[node] = 1;
        break;
      }
      if (up >= ORPHAN) return Infinity;
      node += step[up]!;
    }
    let left = far;
    for (node = start; mark[node] !== time; node += step[parent[node]!]!) {
      mark[node] = time;
      distance[node] = left--;
    }
    return far;
  };

  const adopt = (node: number) => {
    const own = tree[node]!;
    let [best, shortest] = [NONE, Infinity];
    for (let d = 0; d < 8; d++) {
      const other = node + step[d]!;
      if (tree[other] !== own || parent[other]! >= ORPHAN || !(open(other, d ^ 1, own) > 0)) continue;
      const far = rooted(other);
      if (far < shortest) [best, shortest] = [d, far];
    }
    parent[node] = best;
    if (best !== NONE) {
      mark[node] = time;
      distance[node] = shortest + 1;
      return;
    }
    tree[node] = FREE;
    for (let d = 0; d < 8; d++) {
      const other = node + step[d]!;
      if (tree[other] !== own || parent[other] === NONE) continue;
      if (open(other, d ^ 1, own) > 0) activate(other);
      if (parent[other] === (d ^ 1)) makeOrphan(other);
    }
  };

  while (queued > 0) {
    const node = queue[queueFrom]!;
    if (tree[node] === FREE) {
      waits[node] = 0;
      [queueFrom, queued] = [(queueFrom + 1) % nodes, queued - 1];
      continue;
    }
    const d = grow(node);
    if (d < 0) {
      waits[node] = 0;
      [queueFrom, queued] = [(queueFrom + 1) % nodes, queued - 1];
      continue;
    }
    time++;
    if (tree[node] === SOURCE) augment(node, d);
    else augment(node + step[d]!, d ^ 1);
    for (let i = 0; i < orphans.length; i++) adopt(orphans[i]!);
    orphans.length = 0;
  }

  const side = new Uint8Array(width * height);
  for (let pixel = 0; pixel < side.length; pixel++) {
    const x = pixel % width;
    side[pixel] = tree[((pixel - x) / width + 1) * stride + x + 1] === SOURCE ? 1 : 0;
  }
  return { flow, side };
}
