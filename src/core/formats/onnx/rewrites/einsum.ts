import { BATCH, type Shape } from '../../../graph/graph.ts';
import { textOf, type Context, type Rewrite, type Rewritten } from './rewrite.ts';

/** The axes of an operand or the result, a letter each. */
type Letters = readonly string[];

/**
 * A product of two tensors, summed over the letters that the result has not, as a `MatMul`: letters of both stay apart, those
 * of the first stay apart too (the batch may be among them), those of the second become columns. What has no such form (one
 * operand, a letter twice, sums over one operand alone) stays an operator that is not known.
 */
export const einsum: Rewrite = (node, context) => {
  const unchanged: Rewritten = { op: node.op, inputs: node.inputs, attributes: node.attributes };
  const [x, y] = node.inputs as [string, string];
  const [a, b] = [context.shape(x), context.shape(y)];
  const letters = node.inputs.length === 2 && a && b && parse(textOf(node, 'equation', ''), [a, b]);
  if (!letters) return unchanged;
  const [left, right, out] = letters;
  const both = out.filter((letter) => left.includes(letter) && right.includes(letter));
  const rows = out.filter((letter) => left.includes(letter) && !right.includes(letter));
  const columns = out.filter((letter) => !left.includes(letter) && right.includes(letter));
  const inner = left.filter((letter) => !out.includes(letter));
  if (both.length + rows.length + inner.length !== left.length) return unchanged;
  if (both.length + columns.length + inner.length !== right.length) return unchanged;

  const size = (letter: string): number =>
    left.includes(letter) ? a[left.indexOf(letter)]! : b[right.indexOf(letter)]!;
  const sizes = (list: Letters) => list.map(size);
  const product = (list: Letters) => sizes(list).reduce((n, each) => n * each, 1);
  if ([...inner, ...columns].some((letter) => size(letter) === BATCH)) return unchanged;
  const spread = Math.max(0, rows.length - 1);
  const lines = rows.length ? sizes(rows) : [1];
  const matrix = arrange(x, left, [...both, ...rows, ...inner], [...sizes(both), ...lines, product(inner)], context);
  const ones = new Array<number>(spread).fill(1);
  const other = [...sizes(both), ...ones, product(inner), product(columns)];
  const result = context.add('MatMul', [matrix, arrange(y, right, [...both, ...inner, ...columns], other, context)]);
  const made = [...both, ...rows, ...columns];
  const shaped = context.add('Reshape', [result, context.ints(sizes(made))]);
  return { op: 'Transpose', inputs: [shaped], attributes: { perm: out.map((letter) => made.indexOf(letter)) } };
};

/** A tensor with its letters in another order, then in another shape. */
function arrange(tensor: string, from: Letters, to: Letters, shape: Shape, context: Context): string {
  const turned = context.add('Transpose', [tensor], { perm: to.map((letter) => from.indexOf(letter)) });
  return context.add('Reshape', [turned, context.ints(shape)]);
}

/** `bij,bjk->bik`, or with `...` for any number of axes; undefined where it does not fit the operands. */
function parse(equation: string, shapes: readonly [Shape, Shape]): readonly [Letters, Letters, Letters] | undefined {
  const [given, result] = equation.replaceAll(' ', '').split('->');
  const terms = given!.split(',');
  if (terms.length !== 2 || result === undefined) return undefined;
  const more = terms.flatMap((term, i) => (term.includes('...') ? [shapes[i]!.length - term.length + 3] : []));
  const count = more[0] ?? 0;
  if (count < 0 || more.some((other) => other !== count)) return undefined;
  const expand = (term: string): Letters => {
    const [before, after] = term.split('...');
    if (after === undefined) return [...term];
    return [...before!, ...Array.from({ length: count }, (_, i) => `.${i}`), ...after];
  };
  const [left, right, out] = [expand(terms[0]!), expand(terms[1]!), expand(result)];
  const distinct = [left, right, out].every((letters) => new Set(letters).size === letters.length);
  const fits = left.length === shapes[0].length && right.length === shapes[1].length;
  const known = out.every((letter) => left.includes(letter) || right.includes(letter));
  const agree = left.every((letter, i) => !right.includes(letter) || shapes[1][right.indexOf(letter)] === shapes[0][i]);
  return distinct && fits && known && agree ? [left, right, out] : undefined;
}
