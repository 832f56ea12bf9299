import { parser } from '@lezer/python';
import type { Zip } from '../../zip.ts';

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** A function of the archive's code: its text, never run by Python. */
export interface CodeFunction {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly node: SyntaxNode;
}

/** A file's functions; those of classes by `Class.method`. */
type CodeFile = ReadonlyMap<string, CodeFunction>;

/** The code of a TorchScript archive, by qualified names: `__torch__.torch.nn.functional.relu`. */
export class ScriptCode {
  readonly #files = new Map<string, CodeFile>();

  constructor(
    readonly zip: Zip,
    /** `NAME/code/` */
    readonly folder: string,
  ) {}

  /** A function by its name, or a class's method. */
  find(qualified: string, method?: string): CodeFunction | undefined {
    const parts = qualified.split('.');
    const own = parts.pop()!;
    const file = this.#file(`${this.folder}${parts.join('/')}.py`);
    return file?.get(method === undefined ? own : `${own}.${method}`);
  }

  #file(path: string): CodeFile | undefined {
    const known = this.#files.get(path);
    if (known) return known;
    const entry = this.zip.entries.get(path);
    if (!entry) return undefined;
    const file = readFunctions(path, new TextDecoder().decode(this.zip.read(entry)));
    this.#files.set(path, file);
    return file;
  }
}

/** `6.` as TorchScript prints it, which the parser takes for the beginning of an attribute. */
const OPEN_NUMBER = /(?<![\w.])(\d+)\.(?!\w)/g;

function readFunctions(file: string, written: string): CodeFile {
  const text = written.replace(OPEN_NUMBER, '$1.0');
  const functions = new Map<string, CodeFunction>();
  const add = (node: SyntaxNode, prefix: string) => {
    const name = node.getChild('VariableName');
    if (!name) return;
    const own = prefix + text.slice(name.from, name.to);
    functions.set(own, { name: own, file, text, node });
  };
  const { topNode } = parser.parse(text);
  for (const node of topNode.getChildren('FunctionDefinition')) add(node, '');
  for (const type of topNode.getChildren('ClassDefinition')) {
    const name = type.getChild('VariableName');
    const prefix = name ? `${text.slice(name.from, name.to)}.` : '';
    for (const node of type.getChild('Body')?.getChildren('FunctionDefinition') ?? []) add(node, prefix);
  }
  return functions;
}

/** Children of a node but for punctuation and keywords. */
export function partsOf(node: SyntaxNode): SyntaxNode[] {
  const parts: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) if (/^[A-Z]/.test(child.name)) parts.push(child);
  return parts;
}
