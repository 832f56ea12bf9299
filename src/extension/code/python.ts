import { parser } from '@lezer/python';
import type { CodeLayer } from './code-layer.ts';
import { AutomaticNames } from './keras-names.ts';
import { PythonImports } from './python-imports.ts';
import { patternOf, spanOf, stringOf, textOf, type SyntaxNode } from './python-syntax.ts';

/** Statements and expressions whose parts run an unknown number of times. */
const REPEATED = new Set([
  'ForStatement',
  'WhileStatement',
  'LambdaExpression',
  'ArrayComprehensionExpression',
  'SetComprehensionExpression',
  'DictionaryComprehensionExpression',
  'ComprehensionExpression',
]);

/** What is known while walking: whether this runs exactly once, and the names given so far. */
interface Walk {
  readonly once: boolean;
  readonly names: AutomaticNames;
}

/**
 * The layers that Keras code in a Python file makes: those with a name in a string, and those without one, by the name that
 * Keras gives them. Names of which a part is computed, as in a function that makes blocks, are patterns. Left out is what
 * only running the code would tell: names of which nothing is known, and layers without one that are made in a loop,
 * under a condition, or in a function that is called more than once. Broken code is read as far as it goes. Also
 * `get_layer('…')`, as a mention.
 */
export function pythonLayers(text: string): CodeLayer[] {
  return new Reader(text).read();
}

class Reader {
  readonly #layers: CodeLayer[] = [];
  readonly #imports = new PythonImports();
  readonly #bodies = new Map<string, SyntaxNode>();
  readonly #calls = new Map<string, number>();
  readonly #read = new Set<string>();

  constructor(private readonly text: string) {}

  read(): CodeLayer[] {
    const { topNode } = parser.parse(this.text);
    this.#collect(topNode);
    this.#walk(topNode, { once: true, names: new AutomaticNames() });
    for (const name of this.#bodies.keys()) {
      const called = this.#calls.has(name);
      this.#walkBody(name, { once: !called, names: new AutomaticNames() });
    }
    return this.#layers.sort((a, b) => a.pointers[0]!.from - b.pointers[0]!.from);
  }

  /** Imports, function bodies by name (a class stands for its `__init__`), and how often each is called. */
  #collect(node: SyntaxNode, owner?: string): void {
    let inside = owner;
    if (node.name === 'ImportStatement') this.#imports.add(this.#textOf(node));
    if (node.name === 'ClassDefinition') inside = this.#nameOf(node);
    if (node.name === 'FunctionDefinition') {
      const name = this.#nameOf(node);
      const body = node.getChild('Body');
      const key = owner === undefined ? name : name === '__init__' ? owner : `${owner}.${name}`;
      if (body) this.#bodies.set(key, body);
      inside = undefined;
    }
    if (node.name === 'CallExpression') {
      const callee = this.#textOf(node.firstChild);
      this.#calls.set(callee, (this.#calls.get(callee) ?? 0) + 1);
    }
    for (let child = node.firstChild; child; child = child.nextSibling) this.#collect(child, inside);
  }

  #walk(node: SyntaxNode, walk: Walk): void {
    if (node.name === 'FunctionDefinition' || node.name === 'ClassDefinition') return;
    let inside = walk;
    if (REPEATED.has(node.name)) inside = { ...walk, once: false };
    if (node.name === 'IfStatement' && !this.#isMain(node)) inside = { ...walk, once: false };
    for (let child = node.firstChild; child; child = child.nextSibling) this.#walk(child, inside);
    if (node.name === 'CallExpression') this.#call(node, walk);
  }

  /** What is called has been walked, and its arguments too: Python makes them first. */
  #call(node: SyntaxNode, walk: Walk): void {
    const callee = node.firstChild!;
    if (callee.name !== 'VariableName' && callee.name !== 'MemberExpression') return;
    const name = this.#textOf(callee).replaceAll(/\s/g, '');
    if (this.#bodies.has(name))
      return this.#walkBody(name, { ...walk, once: walk.once && this.#calls.get(name) === 1 });
    if (name.endsWith('.get_layer')) return this.#mention(node);
    const kind = this.#imports.layerClass(name);
    if (kind !== undefined) this.#layer(node, callee, kind, walk);
  }

  #walkBody(name: string, walk: Walk): void {
    if (this.#read.has(name)) return;
    this.#read.add(name);
    this.#walk(this.#bodies.get(name)!, walk);
  }

  #layer(node: SyntaxNode, callee: SyntaxNode, kind: string, { once, names }: Walk): void {
    const given = this.#argument(node, 'name');
    const own = given && (stringOf(this.text, given) ?? patternOf(this.text, given));
    if (given && own === undefined && this.#textOf(given) !== 'None') return;
    if (own === undefined && !once) return names.lose(kind);
    const candidates = own === undefined ? names.next(kind) : [own];
    if (candidates.length === 0) return;
    const variable = this.#variable(node);
    const pointers = [
      callee.lastChild ?? callee,
      ...(own !== undefined ? [given!] : []),
      ...(variable ? [variable] : []),
    ];
    this.#layers.push({
      kind,
      names: candidates,
      ...(own === undefined && { automatic: true }),
      definition: { from: node.from, to: node.to },
      pointers: pointers.map(spanOf),
    });
  }

  #mention(node: SyntaxNode): void {
    const given = this.#argument(node, 'name') ?? node.getChild('ArgList')?.getChild('String');
    const name = given ? stringOf(this.text, given) : undefined;
    if (given && name !== undefined) this.#layers.push({ kind: '', names: [name], pointers: [spanOf(given)] });
  }

  /** The value of a keyword argument. */
  #argument(node: SyntaxNode, keyword: string): SyntaxNode | undefined {
    for (let part = node.getChild('ArgList')?.firstChild; part; part = part.nextSibling)
      if (part.name === 'VariableName' && part.nextSibling?.name === 'AssignOp' && this.#textOf(part) === keyword)
        return part.nextSibling.nextSibling ?? undefined;
    return undefined;
  }

  /** The variable that a layer, or its output, is assigned to. */
  #variable(node: SyntaxNode): SyntaxNode | undefined {
    let outer = node;
    while (outer.parent?.name === 'CallExpression' && outer.parent.firstChild?.from === outer.from)
      outer = outer.parent;
    const assign = outer.parent;
    if (assign?.name !== 'AssignStatement' || assign.lastChild?.from !== outer.from) return undefined;
    const target = assign.firstChild;
    if (target?.name === 'VariableName') return target;
    return target?.name === 'MemberExpression' ? (target.lastChild ?? undefined) : undefined;
  }

  #isMain(node: SyntaxNode): boolean {
    return /^if\s*\(?\s*__name__\s*==/.test(this.text.slice(node.from, node.from + 40));
  }

  #nameOf(node: SyntaxNode): string {
    return this.#textOf(node.getChild('VariableName'));
  }

  #textOf(node: SyntaxNode | null): string {
    return textOf(this.text, node);
  }
}
