import { damaged } from '../failure.ts';
import { readNode, tensorName, type OpNode } from './node.ts';
import type { FunctionDef, GraphDef, NodeDef } from './proto.ts';

/** The body of a graph or of one of its functions. */
export interface Body {
  readonly nodes: readonly OpNode[];
  /** Names of a function's arguments. */
  readonly args: readonly string[];
  /** The tensors that a function returns. */
  readonly returns: readonly string[];
  /** Loops of TensorFlow 1, by the node that stands for them. */
  readonly loops?: ReadonlyMap<string, Loop>;
}

/** A loop as its tensors say it; the node's inputs are the variables' first values, then the constants. */
export interface Loop {
  readonly variables: readonly {
    /** The tensors that are the variable in a turn. */
    readonly current: readonly string[];
    /** Its value in the next turn. */
    readonly next: string;
  }[];
  readonly constants: readonly string[];
  readonly condition: string;
}

export function graphBody(graph: GraphDef): Body {
  const { nodes } = readNodes(graph.node ?? [], 'the graph');
  return { nodes, args: [], returns: [] };
}

/** The functions of a graph, by name; each is read when it is first called. */
export class Library {
  readonly #functions: ReadonlyMap<string, FunctionDef>;
  readonly #bodies = new Map<string, Body>();

  constructor(graph: GraphDef) {
    this.#functions = new Map(graph.library?.function?.map((one) => [one.signature?.name ?? '', one]));
  }

  names(): IterableIterator<string> {
    return this.#functions.keys();
  }

  body(name: string): Body | undefined {
    const existing = this.#bodies.get(name);
    if (existing) return existing;
    const proto = this.#functions.get(name);
    if (!proto) return undefined;
    const { nodes, ops } = readNodes(proto.node ?? [], `function '${name}'`);
    const args = (proto.signature?.inputArg ?? []).map((arg) => arg.name ?? '');
    const returned = new Map(proto.ret?.map(({ key = '', value = '' }) => [key, value]));
    const returns = (proto.signature?.outputArg ?? []).map((arg) => {
      const tensor = returned.get(arg.name ?? '');
      if (tensor === undefined) throw damaged(`function '${name}' does not say what it returns as '${arg.name ?? ''}'`);
      return tensorName(tensor, ops);
    });
    const body = { nodes, args, returns };
    this.#bodies.set(name, body);
    return body;
  }
}

function readNodes(protos: readonly NodeDef[], of: string) {
  const ops = new Map<string, string>();
  for (const { name = '', op = '' } of protos) {
    if (ops.has(name)) throw damaged(`two nodes of ${of} are called '${name}'; names must be unique`);
    ops.set(name, op);
  }
  return { nodes: protos.map((proto) => readNode(proto, ops)), ops };
}
