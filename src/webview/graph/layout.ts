import type { LayerSummary } from '../../protocol/worker.ts';
import { place, type Placed } from './placement.ts';
import { isInput, isThin, layersOf, type Block, type Item, type Stack, type Structure } from './structure.ts';
import { throughPoints, type Rectangle } from './wires.ts';

/** Sizes in pixels, on the grid of four. */
export const SIZES = {
  width: 208,
  /** Of a box inside a block: its branches stand side by side. */
  innerWidth: 152,
  header: 28,
  row: 22,
  pad: 8,
  /** Tiles of a strip, and the space between them. */
  tiles: 4,
  tileGap: 4,
  blockHeader: 28,
  blockPad: 12,
  thumbnail: 96,
  decision: 54,
} as const;

export const tileSize = (width: number): number =>
  (width - 2 * SIZES.pad - (SIZES.tiles - 1) * SIZES.tileGap) / SIZES.tiles;

export interface StackBox extends Rectangle {
  readonly type: 'stack';
  readonly stack: Stack;
  readonly inBlock: boolean;
  /** What stands beneath the first layer's name. */
  readonly picture: PictureKind;
}

export interface BlockBox extends Rectangle {
  readonly type: 'block';
  readonly block: Block;
  readonly open: boolean;
  readonly picture: PictureKind;
}

export type Box = StackBox | BlockBox;
export type PictureKind = 'none' | 'strip' | 'image' | 'decision';

export interface Wire {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly wires: readonly Wire[];
  /** A rectangle for all that can be selected: layers by name, blocks by id. */
  readonly places: ReadonlyMap<string, Rectangle>;
}

export interface LayoutOptions {
  readonly folded: ReadonlySet<string>;
  /** Whether there is an image: then every layer with maps has a picture. */
  readonly withImage: boolean;
  /** Without an image: the layers whose filters are drawn. */
  readonly drawn?: { has(layer: string): boolean };
  /** The layer that holds the decision; its box lists the classes. */
  readonly decision?: string;
}

/** The whole network, top to bottom; an open block is laid out by itself and then placed as one box. */
export function layoutGraph(structure: Structure, options: LayoutOptions): GraphLayout {
  const boxes: Box[] = [];
  const wires: Wire[] = [];
  const places = new Map<string, Rectangle>();
  const inner = new Map<string, Placed>();
  const sized = structure.items.map((item) => {
    if (item.type === 'stack') return { item, ...stackSize(item, SIZES.width, options) };
    if (options.folded.has(item.id)) return { item, ...foldedSize(item, options) };
    const content = place(
      item.stacks.map((stack) => ({ item: stack as Item, ...stackSize(stack, SIZES.innerWidth, options) })),
      structure,
      'stackOf',
      12,
    );
    inner.set(item.id, content);
    return {
      item,
      width: Math.max(SIZES.width, content.width + 2 * SIZES.blockPad),
      height: content.height + SIZES.blockHeader + SIZES.blockPad,
    };
  });
  const outer = place(sized, structure, 'itemOf', 16);
  for (const { item, x, y, width, height } of outer.placed) {
    if (item.type === 'stack') {
      addStack(item, { x, y, width, height }, false);
      continue;
    }
    const content = inner.get(item.id);
    const picture = content ? 'none' : pictureOf(layersOf(item).at(-1)!, options, true);
    boxes.push({ type: 'block', block: item, open: !!content, picture, x, y, width, height });
    places.set(item.id, { x, y, width, height: content ? SIZES.blockHeader : height });
    if (!content) continue;
    const left = x + (width - content.width) / 2;
    const top = y + SIZES.blockHeader;
    for (const child of content.placed)
      addStack(child.item as Stack, { ...child, x: child.x + left, y: child.y + top }, true);
    for (const wire of content.wires) wires.push(moved(wire, left, top));
  }
  for (const wire of outer.wires) wires.push(moved(wire, 0, 0));
  return { width: outer.width, height: outer.height, boxes, wires, places };

  function addStack(stack: Stack, { x, y, width, height }: Rectangle, inBlock: boolean): void {
    const picture = pictureOf(stack.layers[0]!, options, false);
    boxes.push({ type: 'stack', stack, inBlock, picture, x, y, width, height });
    const first = height - (stack.layers.length - 1) * SIZES.row;
    stack.layers.forEach((layer, index) => {
      const top = index === 0 ? y : y + first + (index - 1) * SIZES.row;
      places.set(layer.name, { x, y: top, width, height: index === 0 ? first : SIZES.row });
    });
  }
}

/** What is drawn in the box of a layer; known before its picture is, so that nothing moves when that comes. */
function pictureOf(layer: LayerSummary, options: LayoutOptions, whole: boolean): PictureKind {
  if (layer.name === options.decision && options.withImage) return 'decision';
  if (isInput(layer)) return options.withImage && layer.shape?.length === 3 ? 'image' : 'none';
  if (!options.withImage) return options.drawn?.has(layer.name) ? 'strip' : 'none';
  const isMap = layer.shape?.length === 3 && layer.shape[1]! * layer.shape[2]! > 1;
  return layer.runnable && isMap && (whole || !isThin(layer.kind)) ? 'strip' : 'none';
}

const pictureHeight = (picture: PictureKind, width: number): number =>
  ({
    none: 0,
    strip: tileSize(width) + SIZES.pad,
    image: SIZES.thumbnail + SIZES.pad,
    decision: SIZES.decision + SIZES.pad,
  })[picture];

function stackSize(stack: Stack, width: number, options: LayoutOptions): { width: number; height: number } {
  const [first, ...rest] = stack.layers as [LayerSummary, ...LayerSummary[]];
  const picture = pictureOf(first, options, false);
  const head = isThin(first.kind) && picture === 'none' ? SIZES.row : SIZES.header + pictureHeight(picture, width);
  return { width, height: head + rest.length * SIZES.row };
}

function foldedSize(block: Block, options: LayoutOptions): { width: number; height: number } {
  const picture = pictureOf(layersOf(block).at(-1)!, options, true);
  return { width: SIZES.width, height: SIZES.header + pictureHeight(picture, SIZES.width) };
}

const moved = (wire: Placed['wires'][number], dx: number, dy: number): Wire => ({
  from: wire.from,
  to: wire.to,
  path: throughPoints(wire.points.map(({ x, y }) => ({ x: x + dx, y: y + dy }))),
});
