import { graphlib, layout } from '@dagrejs/dagre';
import { short } from '../short-number.ts';
import type { BoxSize, GraphBox, GraphResult, Picture } from '../results.ts';
import { Canvas, textWidth, type Colour, type Point } from './canvas.ts';
import { groupsOf, type Group } from './graph-groups.ts';

const WIDTH = 516;
const HEIGHT = 52;
/** Room for the mark whose size tells something, at the left of a box. */
const MARK = 48;
const MARGIN = 16;

const LIGHT = { page: [255, 255, 255], box: [246, 247, 249], line: [170, 176, 184], text: [32, 34, 38] } as const;
const DARK = { page: [30, 30, 30], box: [43, 43, 46], line: [110, 114, 120], text: [222, 222, 222] } as const;
const DIM = { light: [96, 102, 110], dark: [160, 164, 170] } as const;
/** What weighs, what pools, what joins, and all else. Okabe & Ito's colours, which all people can tell apart. */
const KINDS: readonly (readonly [RegExp, Colour])[] = [
  [/conv/i, [0, 114, 178]],
  [/dense|gemm|linear|matmul|inner/i, [204, 121, 167]],
  [/pool|reduce/i, [230, 159, 0]],
  [/concat|add|sum|mul|merge/i, [0, 158, 115]],
];
const OTHER: Colour = [140, 144, 150];

/** The network from top to bottom, a box for each layer with what finishes it. */
export function drawGraph(result: GraphResult, background: 'light' | 'dark' = 'light'): Picture {
  const colours = background === 'dark' ? DARK : LIGHT;
  const { groups, edges } = groupsOf(result);
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 24, edgesep: 16, ranksep: 22, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  groups.forEach((_, i) => graph.setNode(String(i), { width: WIDTH, height: HEIGHT }));
  // Without edges: one below the other, in their order.
  const wires = edges.length ? edges : groups.slice(1).map((_, i) => [i, i + 1] as const);
  for (const [from, to] of wires) graph.setEdge(String(from), String(to));
  layout(graph);
  const { width = 1, height = 1 } = graph.graph() as { width?: number; height?: number };
  const canvas = new Canvas(Math.ceil(width), Math.ceil(height), colours.page);
  if (edges.length)
    for (const edge of graph.edges()) {
      const { points } = graph.edge(edge) as { points: { x: number; y: number }[] };
      arrow(
        canvas,
        ends(
          points.map(({ x, y }): Point => [x, y]),
          graph.node(edge.v) as { x: number },
          graph.node(edge.w) as { x: number },
        ),
        colours.line,
      );
    }
  const most = Math.max(...result.boxes.map((box) => amount(box, result.size)), 1);
  groups.forEach((group, i) => {
    const { x, y } = graph.node(String(i)) as { x: number; y: number };
    drawBox(canvas, Math.round(x - WIDTH / 2), Math.round(y - HEIGHT / 2), group, result.size, most, background);
  });
  return canvas;
}

/** A wire leaves and enters boxes in their middle. */
const ends = (points: readonly Point[], above: { x: number }, below: { x: number }): Point[] =>
  points.map((point, i) => (i === 0 ? [above.x, point[1]] : i === points.length - 1 ? [below.x, point[1]] : point));

function drawBox(
  canvas: Canvas,
  left: number,
  top: number,
  { boxes }: Group,
  size: BoxSize,
  most: number,
  background: 'light' | 'dark',
): void {
  const colours = background === 'dark' ? DARK : LIGHT;
  const dim = DIM[background];
  const [first, ...rest] = boxes;
  canvas.fill(left, top, left + WIDTH, top + HEIGHT, colours.line);
  canvas.fill(left + 1, top + 1, left + WIDTH - 1, top + HEIGHT - 1, colours.box);
  const [wide, high] = markSize(first, size, most);
  const [x, y] = [left + MARK / 2 + 2, top + HEIGHT / 2];
  const colour = KINDS.find(([kind]) => kind.test(first.kind))?.[1] ?? OTHER;
  canvas.fill(
    Math.round(x - wide / 2),
    Math.round(y - high / 2),
    Math.round(x + wide / 2),
    Math.round(y + high / 2),
    colour,
  );
  const start = left + MARK + 8;
  const end = left + WIDTH - 10;
  const shape = first.shape?.join('×') ?? '?';
  canvas.text(shape, end, top + 16, { colour: colours.text, align: 'end' });
  canvas.text(fitted(first.name, end - start - textWidth(shape) - 12), start, top + 16, { colour: colours.text });
  const field = first.receptiveField ? `sees ${first.receptiveField.join('×')}` : '';
  const costs = [
    field,
    first.parameters ? `${short(first.parameters)} weights` : '',
    first.flops ? `${short(first.flops)} FLOP` : '',
  ]
    .filter(Boolean)
    .join(' · ');
  canvas.text(costs, end, top + 36, { colour: dim, align: 'end' });
  const kinds = [first, ...rest].map(({ kind }) => kind).join(' + ');
  canvas.text(fitted(kinds, end - start - textWidth(costs) - 12), start, top + 36, { colour: dim });
}

/** What the mark's area grows with. */
function amount({ shape, receptiveField, parameters, flops }: GraphBox, size: BoxSize): number {
  if (size === 'parameters') return parameters;
  if (size === 'flops') return flops;
  if (size === 'receptive-field') return receptiveField ? receptiveField[0] * receptiveField[1] : 0;
  return shape?.[1] ?? 1;
}

/** By shape: as high as the map (in proportion to the largest), as wide as its channels (by their logarithm); else a square. */
function markSize(box: GraphBox, size: BoxSize, most: number): readonly [number, number] {
  const room = MARK - 8;
  if (size === 'shape') {
    const channels = box.shape?.[0] ?? 1;
    return [Math.max(3, (room * Math.log2(channels + 1)) / 11), Math.max(3, (room * (box.shape?.[1] ?? 1)) / most)];
  }
  const side = amount(box, size) > 0 ? Math.max(2, room * Math.sqrt(amount(box, size) / most)) : 0;
  return [side, side];
}

function arrow(canvas: Canvas, points: readonly Point[], colour: Colour): void {
  const end = points.at(-1)!;
  canvas.line(points, colour, 1.5);
  canvas.line([[end[0] - 4, end[1] - 6], end, [end[0] + 4, end[1] - 6]], colour, 1.5);
}

/** Cut in its middle, where it is too long. */
function fitted(text: string, room: number): string {
  if (textWidth(text) <= room) return text;
  for (let length = text.length - 1; length > 2; length--) {
    const cut = `${text.slice(0, Math.ceil(length / 2))}…${text.slice(text.length - Math.floor(length / 2))}`;
    if (textWidth(cut) <= room) return cut;
  }
  return '…';
}
