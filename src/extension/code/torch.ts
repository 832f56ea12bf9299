import { parser } from '@lezer/python';
import type { CodeLayer } from './code-layer.ts';
import { join, ModulePaths } from './module-paths.ts';
import { PythonImports } from './python-imports.ts';
import { childrenOf, itemsOf, spanOf, stringOf, textOf, type SyntaxNode } from './python-syntax.ts';

/** A module where it is made: its path there, not yet that in the whole network. */
interface Made {
  readonly kind: string;
  readonly by: string;
  readonly path: string;
  readonly node: SyntaxNode;
  /** The attribute that it is assigned to. */
  readonly attribute: SyntaxNode | undefined;
}

const ORDERED = new Set(['Sequential', 'ModuleList']);
/** The file itself, as what makes modules. */
const FILE = '';

/**
 * The layers that PyTorch code in a Python file makes, by the paths that their modules have in a network (`features.0`,
 * `layer1.0.conv2`): attributes of classes, parts of `Sequential`, `ModuleList`, `ModuleDict` and `add_module`, also within
 * classes and functions of the same file. What is made in loops, or has computed names, is left out; a class of which the
 * file does not say where it is used has paths that begin with `*`.
 */
export function torchLayers(text: string): CodeLayer[] {
  return new Reader(text).read();
}

class Reader {
  readonly #imports = new PythonImports();
  /** Classes, and functions of the file: what may make modules. */
  readonly #makers = new Map<string, SyntaxNode>();
  readonly #mentions = new Map<string, number>();
  readonly #paths = new ModulePaths(this.#mentions);
  readonly #made: Made[] = [];

  constructor(private readonly text: string) {}

  read(): CodeLayer[] {
    const { topNode } = parser.parse(this.text);
    this.#collect(topNode);
    for (const [name, node] of this.#makers) this.#count(node, name);
    for (const [name, node] of this.#makers) this.#walk(node.getChild('Body'), name);
    this.#walk(topNode, FILE);
    return this.#made
      .map((made) => this.#layer(made))
      .filter(({ names }) => names.length > 0)
      .sort((a, b) => a.definition!.from - b.definition!.from);
  }

  #collect(node: SyntaxNode): void {
    for (const child of childrenOf(node)) {
      if (child.name === 'ImportStatement') this.#imports.add(this.#text(child));
      if (isMaker(child)) this.#makers.set(this.#text(child.getChild('VariableName')), child);
      else this.#collect(child);
    }
  }

  /** How often the makers are named in this one. */
  #count(node: SyntaxNode, within: string): void {
    for (const child of childrenOf(node)) {
      const name = child.name === 'VariableName' ? this.#text(child) : '';
      if (name !== within && this.#makers.has(name)) this.#mentions.set(name, (this.#mentions.get(name) ?? 0) + 1);
      this.#count(child, within);
    }
  }

  #walk(node: SyntaxNode | null, by: string): void {
    for (const child of childrenOf(node)) {
      if (by === FILE && isMaker(child)) continue;
      if (child.name === 'ForStatement' || child.name === 'WhileStatement') continue;
      if (child.name === 'AssignStatement') this.#assign(child, by);
      else if (child.name === 'ReturnStatement') this.#returned(child, by);
      else if (child.name === 'CallExpression') this.#call(child, by);
      else this.#walk(child, by);
    }
  }

  /** `self.NAME = …` in a class; `NAME = nn.Sequential(…)` elsewhere, a network by itself. */
  #assign(node: SyntaxNode, by: string): void {
    const { firstChild: target, lastChild: value } = node;
    if (!target || !value) return;
    const attribute = target.lastChild;
    if (
      target.name === 'MemberExpression' &&
      attribute &&
      target.firstChild &&
      this.#text(target.firstChild) === 'self'
    )
      this.#place(value, by, this.#text(attribute), attribute);
    else if (by === FILE && target.name === 'VariableName') this.#place(value, by, '');
  }

  /** What a function makes and returns is where its result is assigned to. */
  #returned(node: SyntaxNode, by: string): void {
    const value = node.lastChild;
    if (value && this.#makers.get(by)?.name === 'FunctionDefinition') this.#place(value, by, '');
  }

  /** `super().__init__(…)` of a `Sequential`, `self.add_module('name', …)`. */
  #call(node: SyntaxNode, by: string): void {
    const callee = this.#text(node.firstChild).replaceAll(/\s/g, '');
    const given = itemsOf(node.getChild('ArgList'));
    if (/^super\(.*\)\.__init__$/.test(callee)) this.#placeAll(given, by, '');
    const module = /^self\.(?:(.+)\.)?add_module$/.exec(callee);
    const name = module && given[0] && stringOf(this.text, given[0]);
    if (name !== undefined && name !== null && given[1]) this.#place(given[1], by, join(module![1] ?? '', name));
  }

  /** A value that stands at a path of what `by` makes. */
  #place(value: SyntaxNode, by: string, path: string, attribute?: SyntaxNode): void {
    if (value.name !== 'CallExpression') return;
    const callee = this.#text(value.firstChild).replaceAll(/\s/g, '');
    if (this.#makers.has(callee)) return this.#paths.add(callee, { by, path });
    const kind = this.#imports.moduleClass(callee);
    const given = itemsOf(value.getChild('ArgList'));
    if (kind === undefined) return;
    if (ORDERED.has(kind)) this.#placeAll(given, by, path);
    else if (kind === 'ModuleDict') this.#placeNamed(given[0], by, path);
    else if (path !== '' || by !== FILE) this.#made.push({ kind, by, path, node: value, attribute });
  }

  #placeAll(items: readonly SyntaxNode[], by: string, path: string): void {
    const [only] = items;
    if (only?.name === 'ArrayExpression') return this.#placeAll(itemsOf(only), by, path);
    if (only && items.length === 1 && this.#text(only).includes('OrderedDict('))
      return this.#placeNamed(itemsOf(only.getChild('ArgList'))[0], by, path);
    items.forEach((item, i) => this.#place(item, by, join(path, String(i))));
  }

  /** `[('a', …), ('b', …)]` or `{'a': …, 'b': …}`. */
  #placeNamed(node: SyntaxNode | undefined, by: string, path: string): void {
    const items = itemsOf(node).flatMap((item) => (item.name === 'TupleExpression' ? itemsOf(item) : [item]));
    for (let i = 0; i + 1 < items.length; i += 2) {
      const name = stringOf(this.text, items[i]!);
      if (name !== undefined) this.#place(items[i + 1]!, by, join(path, name));
    }
  }

  #layer({ kind, by, path, node, attribute }: Made): CodeLayer {
    const names = this.#paths.prefixes(by).map((prefix) => join(prefix, path));
    const callee = node.firstChild!;
    const pointers = [callee.lastChild ?? callee, ...(attribute ? [attribute] : [])];
    return {
      kind,
      names: names.filter((name) => name !== '' && name !== '*'),
      definition: spanOf(node),
      pointers: pointers.map(spanOf),
    };
  }

  #text(node: SyntaxNode | null): string {
    return textOf(this.text, node);
  }
}

const isMaker = ({ name }: SyntaxNode): boolean => name === 'ClassDefinition' || name === 'FunctionDefinition';
