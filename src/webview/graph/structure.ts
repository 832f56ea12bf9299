import type { LayerSummary } from '../../protocol/worker.ts';

/** Layers drawn as one box: the first, and those that only finish its work (activation, normalisation). */
export interface Stack {
  readonly type: 'stack';
  /** The first layer's name. */
  readonly id: string;
  readonly layers: readonly LayerSummary[];
}

/** Layers that share the beginning of their names: `fire2`. */
export interface Block {
  readonly type: 'block';
  readonly id: string;
  readonly name: string;
  readonly stacks: readonly Stack[];
}

export type Item = Stack | Block;

export interface Structure {
  /** In the model's order. */
  readonly items: readonly Item[];
  readonly layers: ReadonlyMap<string, LayerSummary>;
  /** Layer name → the stack it is in. */
  readonly stackOf: ReadonlyMap<string, Stack>;
  /** Layer name → the block it is in. */
  readonly blockOf: ReadonlyMap<string, Block>;
}

const FINISHING =
  /^(relu|relu6|leakyrelu|prelu|elu|selu|celu|gelu|silu|swish|hardswish|hardsigmoid|clip|sigmoid|tanh|softplus|mish|activation|softmax|thresholdedrelu|batchnorm|dropout|spatialdropout|identity|cast)/i;
const THIN =
  /pool|flatten|reshape|squeeze|transpose|permute|concat|^add$|^sum$|^mul$|^sub$|multiply|subtract|average$|pad|shape|gather|slice|rescaling|lambda|reduce|globalaverage/i;

/** Whether a layer of this kind only finishes the one before it. */
const isFinishing = (kind: string): boolean => FINISHING.test(kind);

/** Whether a layer of this kind is drawn without a picture: it has no weights, and its output looks like its input. */
export const isThin = (kind: string): boolean => isFinishing(kind) || THIN.test(kind);

export const isInput = (layer: LayerSummary): boolean => layer.inputs.length === 0 && layer.parameters === 0;

/** Whether it is known what feeds what: of weights alone it is not. */
export const isWired = ({ layers }: Structure): boolean => [...layers.values()].some(({ inputs }) => inputs.length > 0);

/** Puts a model's layers into the boxes and blocks that are drawn. The layer with the decision has a box of its own. */
export function structureOf(layers: readonly LayerSummary[], decision?: string): Structure {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const uses = new Map<string, number>();
  for (const layer of layers) for (const input of new Set(layer.inputs)) uses.set(input, (uses.get(input) ?? 0) + 1);

  const growing = new Map<string, LayerSummary[]>();
  const stacks: LayerSummary[][] = [];
  for (const layer of layers) {
    const [before] = layer.inputs;
    const host = before === undefined ? undefined : growing.get(before);
    const joins =
      host &&
      layer.name !== decision &&
      isFinishing(layer.kind) &&
      layer.inputs.length === 1 &&
      uses.get(before!) === 1 &&
      host.at(-1)!.name === before &&
      byName.get(before!)!.block === layer.block &&
      !isInput(host[0]!);
    const stack = joins ? host : [];
    if (!joins) stacks.push(stack);
    stack.push(layer);
    growing.set(layer.name, stack);
  }

  const stackOf = new Map<string, Stack>();
  const blockOf = new Map<string, Block>();
  const items: Item[] = [];
  const blocks = new Map<string, Stack[]>();
  for (const members of stacks) {
    const stack: Stack = { type: 'stack', id: members[0]!.name, layers: members };
    for (const layer of members) stackOf.set(layer.name, stack);
    const name = members[0]!.block;
    if (name === undefined) {
      items.push(stack);
      continue;
    }
    const known = blocks.get(name);
    if (known) known.push(stack);
    else {
      const inside = [stack];
      blocks.set(name, inside);
      items.push({ type: 'block', id: `block:${name}`, name, stacks: inside });
    }
  }
  const flat = items.map((item) => (item.type === 'block' && item.stacks.length === 1 ? item.stacks[0]! : item));
  for (const item of flat)
    if (item.type === 'block')
      for (const stack of item.stacks) for (const layer of stack.layers) blockOf.set(layer.name, item);
  return { items: flat, layers: byName, stackOf, blockOf };
}

export const blocksOf = (structure: Structure): Block[] => structure.items.filter((item) => item.type === 'block');

export const layersOf = (item: Item): readonly LayerSummary[] =>
  item.type === 'stack' ? item.layers : item.stacks.flatMap((stack) => stack.layers);

/** The layer whose output leaves the block: what stands for it when it is folded. */
export const outputOf = (item: Item): LayerSummary => layersOf(item).at(-1)!;

/** A net with more layers than this opens with its blocks folded. */
const FOLDED_FROM = 30;

export const foldedAtFirst = (structure: Structure): Set<string> =>
  new Set(structure.layers.size > FOLDED_FROM ? blocksOf(structure).map((block) => block.id) : []);

/** `3 conv`: what a folded block holds. */
export function blockContents(block: Block): string {
  const convolutions = layersOf(block).filter((layer) => /conv/i.test(layer.kind)).length;
  return convolutions ? `${convolutions} conv` : `${layersOf(block).length} layers`;
}

/** Positions of the layers whose name or kind holds the text, in the model's order. */
export function searchLayers(layers: readonly LayerSummary[], text: string): string[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  return layers
    .filter((layer) => layer.name.toLowerCase().includes(wanted) || layer.kind.toLowerCase().includes(wanted))
    .map((layer) => layer.name);
}
