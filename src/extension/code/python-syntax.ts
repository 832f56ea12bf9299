import type { parser } from '@lezer/python';
import type { Span } from './code-layer.ts';

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

export const spanOf = ({ from, to }: SyntaxNode): Span => ({ from, to });

export const textOf = (text: string, node: SyntaxNode | null | undefined): string =>
  node ? text.slice(node.from, node.to) : '';

export function* childrenOf(node: SyntaxNode | null | undefined): Generator<SyntaxNode> {
  for (let child = node?.firstChild; child; child = child.nextSibling) yield child;
}

/** What a string says, if it is a plain one; where a line is half written, the next may seem to go on with it. */
export function stringOf(text: string, node: SyntaxNode): string | undefined {
  if (node.name !== 'String')
    return node.firstChild?.name === 'String' && isBroken(node) ? stringOf(text, node.firstChild) : undefined;
  return /^[rRuU]?(['"])([^\\]*)\1$/.exec(textOf(text, node))?.[2];
}

/**
 * What a computed name is known to say, `*` for what only running would tell: of `f"{block}/conv1"`, of `block + "/conv1"`, of
 * `"%s/conv1" % block`. Undefined where too little is known to find a layer by.
 */
export function patternOf(text: string, node: SyntaxNode): string | undefined {
  const pattern = partOf(text, node).replaceAll(/\*+/g, '*');
  return pattern.includes('*') && /[a-z0-9]{2}/i.test(pattern) ? pattern : undefined;
}

function partOf(text: string, node: SyntaxNode): string {
  if (node.name === 'String') return stringOf(text, node) ?? '*';
  if (node.name === 'FormatString') {
    const quoted = /^[fF][rR]?(['"])(.*)\1$/s.exec(textOf(text, node))?.[2];
    return quoted?.includes('\\') ? '*' : (quoted?.replaceAll(/\{[^{}]*\}/g, '*') ?? '*');
  }
  const [left, operator, right] = childrenOf(node);
  if (node.name !== 'BinaryExpression' || !left || !operator || !right) return '*';
  if (textOf(text, operator) === '+') return partOf(text, left) + partOf(text, right);
  return textOf(text, operator) === '%' ? partOf(text, left).replaceAll(/%[-+ #0]*\d*(\.\d+)?[a-z]/g, '*') : '*';
}

function isBroken(node: SyntaxNode): boolean {
  for (const child of childrenOf(node)) if (child.type.isError || isBroken(child)) return true;
  return false;
}

/**
 * The elements of a list, tuple or dictionary (keys and values in turn), or the arguments without a keyword; up to the first
 * that stands for several (`*layers`).
 */
export function itemsOf(node: SyntaxNode | null | undefined): SyntaxNode[] {
  const items: SyntaxNode[] = [];
  for (const child of childrenOf(node)) {
    if (child.name === '*' || child.name === '**' || child.nextSibling?.name === 'AssignOp') break;
    if (/^\w/.test(child.name) && child.name !== 'Comment') items.push(child);
  }
  return items;
}
