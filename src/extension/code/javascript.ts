import { parser as javascript } from '@lezer/javascript';
import type { CodeLayer, Span } from './code-layer.ts';
import { snakeCase } from './keras-names.ts';

type SyntaxNode = ReturnType<typeof javascript.parse>['topNode'];

const parser = javascript.configure({ dialect: 'ts jsx' });

/** What makes a layer: `tf.layers.conv2d`, `layers.conv2d`, `tf.input`. */
const LAYER = /(?:^|\.)layers\.(\w+)$/;
const INPUT = /^tfc?\.input$/;
const REPEATED = new Set(['ForStatement', 'WhileStatement', 'DoStatement']);

/**
 * The layers that TensorFlow.js code makes, in JavaScript or TypeScript: those with a name in a string, of which a part may be
 * computed, and those without one, by the name that TensorFlow.js gives them (`conv2d_Conv2D1`), but for those in loops, where only
 * running would tell. Broken code is read as far as it goes. Also `getLayer('…')`, as a mention.
 */
export function javascriptLayers(text: string): CodeLayer[] {
  const layers: CodeLayer[] = [];
  const made = new Map<string, number>();
  const textOf = (node: SyntaxNode | null | undefined): string => (node ? text.slice(node.from, node.to) : '');

  /** The name that TensorFlow.js gives to the next of this class. */
  const automatic = (kind: string): string => {
    const count = (made.get(kind) ?? 0) + 1;
    made.set(kind, count);
    return `${snakeCase(kind)}_${kind}${count}`;
  };

  const layer = (node: SyntaxNode, callee: SyntaxNode, kind: string, once: boolean): void => {
    const { given, open } = nameOf(node, textOf);
    const own = given && nameIn(textOf(given));
    if (given && own === undefined) return;
    if (own === undefined && (!once || open || made.get(kind) === Infinity)) return void made.set(kind, Infinity);
    const variable = variableOf(node);
    const pointers = [callee.lastChild ?? callee, ...(given ? [given] : []), ...(variable ? [variable] : [])];
    layers.push({
      kind,
      names: [own ?? automatic(kind)],
      definition: spanOf(node),
      pointers: pointers.map(spanOf),
    });
  };

  const walk = (node: SyntaxNode, once: boolean): void => {
    const inside = once && !REPEATED.has(node.name);
    // What it is called on was made before.
    for (let child = node.firstChild; child; child = child.nextSibling) walk(child, inside);
    const callee = node.name === 'CallExpression' ? node.firstChild : undefined;
    if (callee?.name !== 'MemberExpression') return;
    const name = textOf(callee).replaceAll(/\s/g, '');
    const maker = INPUT.test(name) ? 'inputLayer' : LAYER.exec(name)?.[1];
    if (maker !== undefined) return layer(node, callee, classOf(maker), once);
    const mentioned = name.endsWith('.getLayer') ? node.getChild('ArgList')?.getChild('String') : undefined;
    const said = mentioned ? nameIn(textOf(mentioned)) : undefined;
    if (mentioned && said !== undefined) layers.push({ kind: '', names: [said], pointers: [spanOf(mentioned)] });
  };
  walk(parser.parse(text).topNode, true);
  return layers;
}

const spanOf = ({ from, to }: SyntaxNode): Span => ({ from, to });

/** `conv2dTranspose` → `Conv2DTranspose`, `avgPool2d` → `AveragePooling2D`: what a function makes. */
const classOf = (made: string): string =>
  made
    .replace(/^avg/, 'average')
    .replace(/Pool(?!ing)/, 'Pooling')
    .replace(/(\d)d/, '$1D')
    .replace(/^./, (letter) => letter.toUpperCase());

/** What a string says; of a template `*` for its computed parts, where something else is left to find a layer by. */
function nameIn(text: string): string | undefined {
  const plain = /^(['"])([^'"\\]*)\1$/.exec(text)?.[2];
  if (plain !== undefined) return plain;
  const pattern = /^`([^`\\]*)`$/.exec(text)?.[1]?.replaceAll(/\$\{[^{}]*\}/g, '*');
  return pattern !== undefined && /[a-z0-9]{2}/i.test(pattern) ? pattern : undefined;
}

interface Name {
  readonly given?: SyntaxNode | undefined;
  /** Whether there may be one that is not seen: the settings are computed. */
  readonly open: boolean;
}

/** The name among the settings that a layer is made with. */
function nameOf(call: SyntaxNode, textOf: (node: SyntaxNode | null) => string): Name {
  const list = call.getChild('ArgList');
  const [first] = list?.getChildren('Expression') ?? [];
  if (!first) return { open: false };
  const object = first.name === 'ObjectExpression' ? first : first.getChild('ObjectExpression');
  const properties = object?.getChildren('Property') ?? [];
  const named = properties.find(({ firstChild }) => /^['"]?name['"]?$/.test(textOf(firstChild)));
  const open = !object || properties.some((property) => textOf(property).startsWith('...'));
  return { given: named?.lastChild ?? undefined, open };
}

/** The variable that a layer, or its output, is assigned to. */
function variableOf(call: SyntaxNode): SyntaxNode | undefined {
  let outer = call;
  while (
    outer.parent &&
    /^(CallExpression|MemberExpression)$/.test(outer.parent.name) &&
    outer.parent.from === call.from
  )
    outer = outer.parent;
  const assigned = outer.parent;
  if (assigned?.name === 'VariableDeclaration') return outer.prevSibling?.prevSibling ?? undefined;
  return assigned?.name === 'AssignmentExpression' ? (assigned.firstChild ?? undefined) : undefined;
}
