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

/** The scope in which a node stands: what its layer's name made, or the user's `name_scope`. */
const scopeOf = (name: string): string =>
  name.slice(0, Math.max(0, name.lastIndexOf('/'))).replace(/\/(Tensordot|moments|batchnorm)$/, '');

/** What a convolution's weights are called, after its own name. */
const OF_WEIGHTS = /(_weights|\/ReadVariableOp(\/resource)?|\/merged_input)$/;

/** A node into which others were fused is named as the last of them; as the first, its product, by its weights' name. */
function nameOf(name: string, op: string, nodes: readonly Node[]): string {
  const weights = nodes[0]!.inputs[1] ?? '';
  return /^_?Fused(?!BatchNorm)/.test(op) && OF_WEIGHTS.test(weights) ? weights.replace(OF_WEIGHTS, '') : name;
}

/** `Conv2D` for `_FusedConv2D`. */
const kindOf = (op: string): string => op.replace(/^_?Fused(?!BatchNorm)/, '');

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
  const takers = consumers({ ...graph, nodes: [...graph.nodes, outside(graph)] });
  const place = new Map(graph.nodes.map((node, i) => [node, i]));
  const position = ({ nodes }: Group) => place.get(nodes.at(-1)!)!;
  return [...scopes]
    .flatMap(([scope, groups]) => layersOf(scope, groups, takers))
    .sort((a, b) => position(a) - position(b));
}

function layersOf(scope: string, groups: readonly Group[], takers: Takers): readonly Group[] {
  const heavy = groups.filter(({ kind, name }) => HEAVY.test(kind) && !name.includes('/moments/'));
  if (scope === '' || heavy.length > 1) return groups;
  const nodes = groups.flatMap((group) => group.nodes);
  const leaving = leavingTensors(nodes, takers);
  const main = heavy[0] ?? groups.at(-1)!;
  const has = (part: string) => groups.some(({ name }) => name.startsWith(`${scope}/${part}/`));
  const normalization = has('moments') ? 'LayerNormalization' : has('batchnorm') ? 'BatchNormalization' : undefined;
  const kind = heavy.length === 0 ? (normalization ?? main.kind) : main.kind;
  if (leaving.length === 1) return [{ name: scope, kind, nodes, output: leaving[0]! }];
  return groups.map((group) => (group === heavy[0] ? { ...group, name: scope } : group));
}

/** The tensors that other nodes, or nobody but the user, take. */
function leavingTensors(nodes: readonly Node[], takers: Takers): string[] {
  const own = new Set(nodes);
  const outside = (tensor: string) => takers.get(tensor)?.some((node) => !own.has(node)) ?? true;
  return nodes.flatMap(({ outputs }) => outputs).filter(outside);
}

/** Who takes the graph's outputs. */
const outside = ({ outputs }: Graph): Node => ({ op: '', name: '', inputs: outputs, outputs: [], attributes: {} });
