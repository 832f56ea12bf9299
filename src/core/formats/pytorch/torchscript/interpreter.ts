import type { AtenImporter } from '../aten/importer.ts';
import { TensorRef } from '../aten/values.ts';
import { partsOf, type CodeFunction, type ScriptCode, type SyntaxNode } from './code.ts';
import { BUILTINS, ofNumbers, truth } from './builtins.ts';
import { fromAten, Method, Module, Named, NotReadable, toAten, type ScriptValue } from './values.ts';

/** What the interpreter asks about the network's objects. */
export interface Objects {
  /** An attribute of a module: a module, a tensor, a number; undefined where it has none. */
  attribute(module: Module, name: string): ScriptValue | undefined;
  /** A constant of the code: `CONSTANTS.c0`. */
  constant(name: string): ScriptValue | undefined;
}

/** Functions whose first argument is a type. */
const TYPED = new Set(['annotate', 'unchecked_cast', 'uninitialized']);

/** What may still be followed: of one file, whatever is tried with it. */
export interface Budget {
  steps: number;
}

const DEEPEST = 200;

type Scope = Map<string, ScriptValue>;

/** What a block of statements came to: a value where it returned. */
type Outcome = { readonly value: ScriptValue } | undefined;

/**
 * Follows TorchScript's code from the network's `forward`, and writes the functions of PyTorch that it calls into a graph.
 * It follows only what is known beforehand (the sizes of tensors, settings of modules): where a condition depends on the
 * image itself it throws `NotReadable`. Nothing of Python is run.
 */
export class Interpreter {
  #depth = 0;
  /** The module whose method is followed. */
  #module = '';

  constructor(
    readonly code: ScriptCode,
    readonly objects: Objects,
    readonly importer: AtenImporter,
    readonly budget: Budget,
  ) {}

  call(callee: ScriptValue, args: readonly ScriptValue[], named: ReadonlyMap<string, ScriptValue>): ScriptValue {
    if (callee instanceof Method) {
      const found = this.code.find(callee.module.type, callee.name);
      if (!found) throw new NotReadable(`no code for '${callee.module.type}.${callee.name}'`);
      const before = this.#module;
      this.#module = callee.module.path;
      const result = this.#run(found, [callee.module, ...args], named);
      this.#module = before;
      return result;
    }
    if (!(callee instanceof Named)) throw new NotReadable('something is called that is no function');
    const { name } = callee;
    if (Object.hasOwn(BUILTINS, name)) return BUILTINS[name]!(args, this.importer.network);
    const number = ofNumbers(name, args, this.importer.network);
    if (number !== undefined) return number;
    if (name.startsWith('__torch__.')) {
      const found = this.code.find(name);
      if (!found) throw new NotReadable(`no code for '${name}'`);
      return this.#run(found, args, named);
    }
    const own = /^(?:torch|ops\.aten|torch\.\w+)\.(\w+)$/.exec(name)?.[1];
    if (own === undefined) throw new NotReadable(`the function '${name}'`);
    const byName = new Map([...named].map(([key, value]) => [key, toAten(value)] as const));
    return fromAten(this.importer.take({ name: own, args: args.map(toAten), named: byName, module: this.#module }));
  }

  #run(found: CodeFunction, args: readonly ScriptValue[], named: ReadonlyMap<string, ScriptValue>): ScriptValue {
    if (++this.#depth > DEEPEST) throw new NotReadable('functions in each other without an end');
    const scope: Scope = new Map();
    const list = found.node.getChild('ParamList');
    let index = 0;
    for (let part = list?.firstChild; part; part = part.nextSibling) {
      if (part.name !== 'VariableName') continue;
      const name = found.text.slice(part.from, part.to);
      const given = index < args.length ? args[index] : named.get(name);
      index++;
      let initial: SyntaxNode | null = part.nextSibling;
      if (initial?.name === 'TypeDef') initial = initial.nextSibling;
      const fallback = initial?.name === 'AssignOp' ? initial.nextSibling : null;
      if (given !== undefined) scope.set(name, given);
      else if (fallback) scope.set(name, this.#value(fallback, found, scope));
      else throw new NotReadable(`'${found.name}' without its argument '${name}'`);
    }
    const outcome = this.#block(found.node.getChild('Body'), found, scope);
    this.#depth--;
    return outcome?.value ?? null;
  }

  #block(body: SyntaxNode | null, code: CodeFunction, scope: Scope): Outcome {
    for (const statement of body ? partsOf(body) : []) {
      if (--this.budget.steps < 0) throw new NotReadable('code that does not end');
      const outcome = this.#statement(statement, code, scope);
      if (outcome) return outcome;
    }
    return undefined;
  }

  #statement(node: SyntaxNode, code: CodeFunction, scope: Scope): Outcome {
    switch (node.name) {
      case 'AssignStatement':
        this.#assign(node, code, scope);
        return undefined;
      case 'ReturnStatement': {
        const [value] = partsOf(node);
        return { value: value ? this.#value(value, code, scope) : null };
      }
      case 'ExpressionStatement':
        for (const part of partsOf(node)) this.#value(part, code, scope);
        return undefined;
      case 'IfStatement': {
        const [condition, ...bodies] = partsOf(node);
        if (bodies.length > 2) throw new NotReadable('a condition of several parts');
        const value = this.#value(condition!, code, scope);
        if (value instanceof TensorRef)
          throw new NotReadable(`'${firstLine(textOf(condition!, code))}' in ${code.name} depends on the image`);
        const chosen = truth(value) ? bodies[0] : bodies[1];
        return this.#block(chosen ?? null, code, scope);
      }
      case 'ForStatement': {
        const [variable, range, body] = partsOf(node);
        const turns = this.#value(range!, code, scope);
        if (!Array.isArray(turns)) throw new NotReadable('a loop over what is no list');
        for (const value of turns) {
          scope.set(code.text.slice(variable!.from, variable!.to), value);
          const outcome = this.#block(body ?? null, code, scope);
          if (outcome) return outcome;
        }
        return undefined;
      }
      case 'PassStatement':
        return undefined;
      default:
        throw new NotReadable(`the statement '${firstLine(code.text.slice(node.from, node.to))}'`);
    }
  }

  /** `a = x`, `a, b, = x`, `a, b = x, y`, `a : Tensor = x`; a type alone says nothing. */
  #assign(node: SyntaxNode, code: CodeFunction, scope: Scope): void {
    const names: string[] = [];
    const values: ScriptValue[] = [];
    let [several, assigned] = [false, false];
    for (let part = node.firstChild; part; part = part.nextSibling) {
      if (part.name === 'AssignOp') assigned = true;
      else if (assigned && /^[A-Z]/.test(part.name)) values.push(this.#value(part, code, scope));
      else if (part.name === 'VariableName') names.push(code.text.slice(part.from, part.to));
      else if (part.name === ',') several = true;
    }
    if (!assigned) return;
    const [value = null] = values;
    if (!several) {
      scope.set(names[0] ?? '', value);
      return;
    }
    const list = values.length > 1 ? values : value;
    if (!Array.isArray(list) || list.length < names.length) throw new NotReadable('several names for one value');
    names.forEach((name, i) => scope.set(name, list[i]!));
  }

  #value(node: SyntaxNode, code: CodeFunction, scope: Scope): ScriptValue {
    if (--this.budget.steps < 0) throw new NotReadable('code that does not end');
    if (++this.#depth > DEEPEST) throw new NotReadable('functions in each other without an end');
    const value = this.#evaluate(node, code, scope);
    this.#depth--;
    return value;
  }

  #evaluate(node: SyntaxNode, code: CodeFunction, scope: Scope): ScriptValue {
    const text = code.text.slice(node.from, node.to);
    const parts = () => partsOf(node).map((part) => this.#value(part, code, scope));
    switch (node.name) {
      case 'VariableName':
        return scope.get(text) ?? (scope.has(text) ? null : new Named(text));
      case 'Number':
        return Number(text);
      case 'Boolean':
        return text === 'True';
      case 'None':
        return null;
      case 'String':
        return text.slice(1, -1);
      case 'ArrayExpression':
      case 'TupleExpression':
        return parts();
      case 'ParenthesizedExpression':
        return parts()[0] ?? null;
      case 'UnaryExpression': {
        const value = this.#value(node.lastChild!, code, scope);
        if (text.startsWith('-') && typeof value === 'number') return -value;
        throw new NotReadable(`the expression '${firstLine(text)}'`);
      }
      case 'MemberExpression':
        return this.#member(node, code, scope);
      case 'CallExpression':
        return this.#calling(node, code, scope);
      default:
        throw new NotReadable(`the expression '${firstLine(text)}'`);
    }
  }

  #member(node: SyntaxNode, code: CodeFunction, scope: Scope): ScriptValue {
    const [object, ...rest] = partsOf(node);
    const from = this.#value(object!, code, scope);
    const property = node.getChild('PropertyName');
    if (!property) {
      const index = rest[0] && this.#value(rest[0], code, scope);
      return BUILTINS['torch.__getitem__']!([from, index ?? null], this.importer.network);
    }
    return this.#attribute(from, code.text.slice(property.from, property.to));
  }

  #attribute(from: ScriptValue, name: string): ScriptValue {
    if (from instanceof Named) {
      if (from.name === 'CONSTANTS') {
        const value = this.objects.constant(name);
        if (value === undefined) throw new NotReadable(`the constant '${name}'`);
        return value;
      }
      return new Named(`${from.name}.${name}`);
    }
    if (from instanceof Module) {
      const value = this.objects.attribute(from, name);
      return value === undefined ? new Method(from, name) : value;
    }
    throw new NotReadable(`the attribute '${name}'`);
  }

  #calling(node: SyntaxNode, code: CodeFunction, scope: Scope): ScriptValue {
    const [callee, list] = partsOf(node);
    const target = this.#value(callee!, code, scope);
    const isType = target instanceof Named && TYPED.has(target.name);
    const args: ScriptValue[] = [];
    const named = new Map<string, ScriptValue>();
    const given = list ? partsOf(list) : [];
    for (let i = 0; i < given.length; i++) {
      const part = given[i]!;
      if (given[i + 1]?.name === 'AssignOp') {
        named.set(code.text.slice(part.from, part.to), this.#value(given[i + 2]!, code, scope));
        i += 2;
      } else args.push(isType && i === 0 ? null : this.#value(part, code, scope));
    }
    if (target instanceof Named && target.name === 'getattr') {
      const [object, name] = args;
      if (object === undefined || typeof name !== 'string') throw new NotReadable('an attribute without a name');
      return this.#attribute(object, name);
    }
    return this.call(target, args, named);
  }
}

const textOf = ({ from, to }: SyntaxNode, { text }: CodeFunction): string => text.slice(from, to);

const firstLine = (text: string): string => text.split('\n')[0]!.slice(0, 60);
