import { getNodeValue, parseTree, type Node } from 'jsonc-parser';
import type { CodeLayer, Span } from './code-layer.ts';

/** What a JSON file says of a network. */
export interface JsonNetwork {
  readonly layers: readonly CodeLayer[];
  /** Whether the file is itself a model: of TensorFlow.js, with the weights beside it. */
  readonly isModel: boolean;
}

/** Models inside a model are no layers themselves, but go before the names of theirs. */
const MODELS = new Set(['Model', 'Functional', 'Sequential']);

/** The layers of a Keras configuration, or of a TensorFlow.js `model.json`: `{ "class_name": …, "config": { "name": … } }`. */
export function jsonNetwork(text: string): JsonNetwork {
  const hasLayers = text.includes('"class_name"');
  const root = hasLayers || text.includes('"modelTopology"') ? parseTree(text) : undefined;
  const layers: CodeLayer[] = [];
  if (root && hasLayers) collect(root, '', layers, true);
  const isModel = property(root, 'modelTopology') !== undefined && property(root, 'weightsManifest') !== undefined;
  return { layers, isModel };
}

function collect(node: Node, prefix: string, layers: CodeLayer[], outermost: boolean): void {
  const kind = property(node, 'class_name');
  const config = property(node, 'config');
  const name = property(config, 'name') ?? property(node, 'name');
  let inside = prefix;
  let top = outermost;
  if (kind?.type === 'string' && config && MODELS.has(kind.value as string)) {
    if (!outermost && name?.type === 'string') inside = `${prefix}${name.value as string}/`;
    top = false;
  } else if (kind?.type === 'string' && config && name?.type === 'string') {
    const plain = name.value as string;
    layers.push({
      kind: kind.value as string,
      names: prefix ? [`${prefix}${plain}`, plain] : [plain],
      definition: spanOf(node),
      pointers: [spanOf(name), spanOf(kind)],
    });
  }
  for (const child of node.children ?? []) collect(child, inside, layers, top);
}

function property(node: Node | undefined, name: string): Node | undefined {
  if (node?.type !== 'object') return undefined;
  return node.children?.find(({ children }) => children?.[0] && getNodeValue(children[0]) === name)?.children?.[1];
}

const spanOf = ({ offset, length }: Node): Span => ({ from: offset, to: offset + length });
