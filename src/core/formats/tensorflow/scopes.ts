import { consumers, type Graph, type Node } from '../../graph/graph.ts';
import type { Origin } from './import.ts';

/** Nodes of the graph that one name of the file stands for: a node of it, or a scope of nodes. */
export interface Group {
  readonly name: string;
  /** The operator, in TensorFlow's terms. */
  readonly kind: string;
  readonly nodes: readonly Node[];
  readonly output: string;
}

type Takers = ReadonlyMap<string, readonly Node[]>;

/** Operators that make a layer what it is. */
const HEAVY = /Conv2[dD]|MatMul|FusedBatchNorm|Pool$|^LRN$|^Concat|^Mean$/;

/** Scopes that TensorFlow and Keras make inside of a layer's own. */
const INNER = /\/(Tensordot|moments|batchnorm|xw_plus_b|convolution|separable_conv2d|resize|Repeat(_\d+)?|Gelu)$/;

/** The scope in which a node stands: what its layer's name made, or the user's `name_scope`. */
const scopeOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/'))).replace(INNER, '');

/** What a convolution's weights are called, after its own name. */
const OF_WEIGHTS = /(_weights|\/ReadVariableOp(\/resource)?|\/merged_input)$/;

/** A node into which others were fused is named as the last of them; as the first, its product, by its weights' name. */
function nameOf(name: string, op: string, nodes: readonly Node[]): string {
  const weights = nodes[0]!.inputs[1] ?? '';
  return /^_?Fused(?!BatchNorm)/.test(op) && OF_WEIGHTS.test(weights) ? weights.replace(OF_WEIGHTS, '') : name;
}

/** `Conv2D` for `_FusedConv2D`, and for what puts the blocks of a convolution with holes together. */
const kindOf = (op: string): string => (op === 'BatchToSpaceND' ? 'Conv2D' : op.replace(/^_?Fused(?!BatchNorm)/, ''));

/**
 * The nodes of the graph by the layers that the file's name scopes tell of: a scope with one output and no more than one
 * convolution (product, pooling …) is a layer; of others each node is one, named as it is, and the only convolution as
 * the scope is.
 */
export function groupByScope(graph: Graph, origins: ReadonlyMap<string, Origin>): Group[] {
  const units = new Map<string, { readonly op: string; readonly nodes: Node[] }>();
  for (const node of graph.nodes) {
    const { op, name } = origins.get(node.name)!;
    const unit = units.get(name);
    if (unit) unit.nodes.push(node);
    else units.set(name, { op, nodes: [node] });
  }
  const scopes = new Map<string, Group[]>();
  for (const [name, { op, nodes }] of units) {
    const own = nameOf(name, op, nodes);
    const scope = scopeOf(own);
    const group = { name: own, kind: kindOf(op), nodes, output: nodes.at(-1)!.outputs[0]! };
    scopes.set(scope, [...(scopes.get(scope) ?? []), group]);
  }
  const outer = outerScopes(scopes.keys());
  const takers = consumers({ ...graph, nodes: [...graph.nodes, outside(graph)] });
  const place = new Map(graph.nodes.map((node, i) => [node, i]));
  const position = ({ nodes }: Group) => place.get(nodes.at(-1)!)!;
  return [...scopes]
    .flatMap(([scope, groups]) => layersOf(scope, groups, outer, takers))
    .sort((a, b) => position(a) - position(b));
}

function layersOf(
  scope: string,
  groups: readonly Group[],
  outer: ReadonlySet<string>,
  takers: Takers,
): readonly Group[] {
  const heavy = groups.filter(({ kind, name }) => HEAVY.test(kind) && !/\/(moments|separable_conv2d)\//.test(name));
  const [first] = heavy;
  if (scope === '' || heavy.length > 1 || (first && !isDefault(first))) return groups;
  const nodes = groups.flatMap((group) => group.nodes);
  const leaving = leavingTensors(nodes, takers);
  if (leaving.length > 1 || outer.has(scope))
    return groups.map((group) => (group === first ? { ...group, name: scope } : group));
  const has = (part: string) => groups.some(({ name }) => name.startsWith(`${scope}/${part}/`));
  const normalization = has('moments') ? 'LayerNormalization' : has('batchnorm') ? 'BatchNormalization' : undefined;
  return [{ name: scope, kind: first?.kind ?? normalization ?? groups.at(-1)!.kind, nodes, output: leaving[0]! }];
}

/** Other names than operators' own; what was fused to a product names it. */
const DEFAULTS =
  /^(convolution|conv_transpose|separable_conv2d|depthwise|biasadd|add|mul|relu6?|elu|sigmoid|tanh|leakyrelu|batchtospacend)$/;

/** Whether the last part of a node's name is what TensorFlow or Keras calls it, not the user. */
function isDefault({ name, kind }: Group): boolean {
  const own = name
    .slice(name.lastIndexOf('/') + 1)
    .replace(/_\d+$/, '')
    .toLowerCase();
  const op = kind.toLowerCase();
  return own.startsWith(op) || op.startsWith(own) || DEFAULTS.test(own);
}

/** The scopes that other scopes stand in. */
function outerScopes(scopes: Iterable<string>): Set<string> {
  const outer = new Set<string>();
  for (const scope of scopes)
    for (let at = scope.lastIndexOf('/'); at > 0; at = scope.lastIndexOf('/', at - 1)) outer.add(scope.slice(0, at));
  return outer;
}

/** The tensors that other nodes, or nobody but the user, take. */
function leavingTensors(nodes: readonly Node[], takers: Takers): string[] {
  const own = new Set(nodes);
  const outside = (tensor: string) => takers.get(tensor)?.some((node) => !own.has(node)) ?? true;
  return nodes.flatMap(({ outputs }) => outputs).filter(outside);
}

/** Who takes the graph's outputs. */
const outside = ({ outputs }: Graph): Node => ({ op: '', name: '', inputs: outputs, outputs: [], attributes: {} });
