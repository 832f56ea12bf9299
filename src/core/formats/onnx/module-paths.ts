import type { FileNode } from './read.ts';

/** Where a node stands in the module tree of PyTorch. */
export interface Place {
  /** The module whose code made it: `features.3.squeeze`; empty for the network's own. */
  readonly path: string;
  /** Its own name within the module: `Conv`, `Add_1`. */
  readonly name: string;
}

/** Names that exporters make up: `Conv_12`, `node_Conv_12`, none. */
const AUTOMATIC = /^$|^node_|^[A-Za-z]+_\d+$/;
/** A module's first parameter: as it is, or quantised. */
const PARAMETER = /^(.+)\.weight(_quantized|_DequantizeLinear_Output)?$/;
const WITH_PARAMETERS: ReadonlySet<string> = new Set(
  'Conv ConvTranspose Gemm MatMul BatchNormalization InstanceNormalization LayerNormalization PRelu'.split(' '),
);

/**
 * The module that made a node, as PyTorch's exporters tell it: TorchScript's by the name
 * (`/features/features.3/squeeze/Conv`), torch.export's by the scopes in its metadata, the first ones (PyTorch 1.0–1.12)
 * by the names of weights (`features.3.weight`). Undefined for a node of another origin.
 */
export function placeOf(node: FileNode): Place | undefined {
  const { op, name, scopes } = node;
  if (name.startsWith('/')) return scriptPlace(name);
  if (!AUTOMATIC.test(name)) return undefined;
  const own = name.replace(/^node_/, '') || op;
  if (WITH_PARAMETERS.has(op))
    for (const input of node.inputs.slice(1)) {
      const path = PARAMETER.exec(input)?.[1];
      if (path) return { path, name: own };
    }
  return scopes && { path: scopes.at(-2) ?? '', name: own };
}

/**
 * In TorchScript's names a module within a `Sequential` says the whole name of its parent again: `conv/conv.0/conv.0.1`
 * is `conv.0.1`.
 */
function scriptPlace(name: string): Place | undefined {
  const parts = name.split('/').slice(1);
  const own = parts.pop()!;
  if (own === '' || parts.includes('')) return undefined;
  const path = parts.map((part, i) => {
    const parent = parts[i - 1];
    return parent !== undefined && part.startsWith(`${parent}.`) ? part.slice(parent.length + 1) : part;
  });
  return { path: path.join('.'), name: own };
}

/** The scopes of torch.export's metadata, a list as Python prints it: `['', 'features', 'features.0', 'conv2d']`. */
export function readScopes(text: string | undefined): readonly string[] | undefined {
  if (!text?.startsWith('[')) return undefined;
  // A module that is called a second time is `features.0@1`.
  return Array.from(text.matchAll(/'([^']*)'|"([^"]*)"/g), ([, a, b]) => (a ?? b ?? '').replace(/@\d+$/, ''));
}
