import { isOpen, type Shape } from '../../../graph/graph.ts';
import { textOf, type Context, type Rewrite, type Rewritten } from './rewrite.ts';

/** The axes of an operand or the result, a letter each. */
type Letters = readonly string[];

interface Operand {
  readonly tensor: string;
  readonly letters: Letters;
}

/** What a product is made with: the sizes of all letters, and where nodes go. */
interface Work {
  readonly context: Context;
  sizes(letters: Letters): Shape;
}

/**
 * Products of tensors, summed over the letters that the result has not: letters of one operand alone are summed first, then each operand is
 * multiplied with the product of those before as a `MatMul`. What has no such form (a letter twice in a term, sums over the batch) stays
 * an operator that is not known.
 */
export const einsum: Rewrite = (node, context) => {
  const unchanged: Rewritten = { op: node.op, inputs: node.inputs, attributes: node.attributes };
  const shapes = node.inputs.map((tensor) => context.shape(tensor));
  const terms = shapes.every((shape) => shape !== undefined) && parse(textOf(node, 'equation', ''), shapes);
  if (!terms) return unchanged;
  const { given, out } = terms;
  const size = new Map(given.flatMap((letters, i) => letters.map((letter, axis) => [letter, shapes[i]![axis]!])));
  const work: Work = { context, sizes: (letters) => letters.map((letter) => size.get(letter)!) };
  if ([...size].some(([letter, length]) => isOpen(length) && !out.includes(letter))) return unchanged;
  const operands = given.map((letters, i): Operand => {
    const used = new Set([...out, ...given.flatMap((other, j) => (j === i ? [] : other))]);
    return summed({ tensor: node.inputs[i]!, letters }, used, work);
  });
  let product = operands[0]!;
  for (const [i, next] of operands.slice(1).entries()) {
    const later = new Set([...out, ...operands.slice(i + 2).flatMap(({ letters }) => letters)]);
    const made = times(product, next, later, work);
    if (!made) return unchanged;
    product = made;
  }
  const perm = out.map((letter) => product.letters.indexOf(letter));
  return { op: 'Transpose', inputs: [product.tensor], attributes: { perm } };
};

/** Without the letters that nobody else uses. */
function summed({ tensor, letters }: Operand, used: ReadonlySet<string>, { context }: Work): Operand {
  const axes = letters.flatMap((letter, axis) => (used.has(letter) ? [] : [axis]));
  if (axes.length === 0) return { tensor, letters };
  const sum = context.add('ReduceSum', [tensor, context.ints(axes)], { keepdims: 0 });
  return { tensor: sum, letters: letters.filter((letter) => used.has(letter)) };
}

/**
 * The product of two, summed over the letters that both have and nobody uses later. Letters of both stay apart, those of the first stay apart
 * too (the batch may be among them), those of the second become columns. Undefined where the batch would have to be one of these.
 */
function times(first: Operand, second: Operand, later: ReadonlySet<string>, work: Work): Operand | undefined {
  const [left, right] = [first.letters, second.letters];
  const shared = left.filter((letter) => right.includes(letter));
  const both = shared.filter((letter) => later.has(letter));
  const inner = shared.filter((letter) => !later.has(letter));
  const rows = left.filter((letter) => !shared.includes(letter));
  const columns = right.filter((letter) => !shared.includes(letter));
  const { context, sizes } = work;
  if (sizes(columns).some(isOpen) && !sizes(rows).some(isOpen)) return times(second, first, later, work);
  if (sizes([...inner, ...columns]).some(isOpen)) return undefined;
  const product = (list: Letters) => sizes(list).reduce((n, each) => n * each, 1);
  const ones = new Array<number>(Math.max(0, rows.length - 1)).fill(1);
  const lines = rows.length > 0 ? sizes(rows) : [1];
  const matrix = arrange(first, [...both, ...rows, ...inner], [...sizes(both), ...lines, product(inner)], context);
  const other = [...sizes(both), ...ones, product(inner), product(columns)];
  const made = context.add('MatMul', [matrix, arrange(second, [...both, ...inner, ...columns], other, context)]);
  const letters = [...both, ...rows, ...columns];
  return { tensor: context.add('Reshape', [made, context.ints(sizes(letters))]), letters };
}

/** A tensor with its letters in another order, then in another shape. */
function arrange({ tensor, letters }: Operand, to: Letters, shape: Shape, context: Context): string {
  const turned = context.add('Transpose', [tensor], { perm: to.map((letter) => letters.indexOf(letter)) });
  return context.add('Reshape', [turned, context.ints(shape)]);
}

/**
 * The letters of each operand and of the result: `bij,bjk->bik`; with `...` for any number of axes; without a result it is the letters that
 * stand once, in order. Undefined where they don't fit the operands.
 */
function parse(equation: string, shapes: readonly Shape[]): { given: Letters[]; out: Letters } | undefined {
  const [left, right] = equation.replaceAll(' ', '').split('->') as [string, string?];
  const terms = left.split(',');
  if (terms.length !== shapes.length) return undefined;
  const more = terms.flatMap((term, i) => (term.includes('...') ? [shapes[i]!.length - term.length + 3] : []));
  const count = more[0] ?? 0;
  if (count < 0 || more.some((other) => other !== count)) return undefined;
  const dots = Array.from({ length: count }, (_, i) => `.${i}`);
  const expand = (term: string): Letters => term.split('...').flatMap((part, i) => [...(i > 0 ? dots : []), ...part]);
  const given = terms.map(expand);
  const all = given.flat();
  const once = [...new Set(all)].filter((one) => !one.startsWith('.') && all.indexOf(one) === all.lastIndexOf(one));
  const out = right === undefined ? [...(more.length > 0 ? dots : []), ...once.sort()] : expand(right);
  const distinct = [...given, out].every((letters) => new Set(letters).size === letters.length);
  const fits = given.every((letters, i) => letters.length === shapes[i]!.length);
  const known = out.every((letter) => all.includes(letter));
  const sizes = new Map(given.flatMap((letters, i) => letters.map((letter, axis) => [letter, shapes[i]![axis]])));
  const agree = given.every((letters, i) => letters.every((letter, axis) => shapes[i]![axis] === sizes.get(letter)));
  return distinct && fits && known && agree ? { given, out } : undefined;
}
