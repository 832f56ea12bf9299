import { BATCH, type Shape } from '../../../graph/graph.ts';
import { elements } from '../../../graph/tensor.ts';
import { damaged } from '../../failure.ts';
import { target, Unsupported, type OpCall } from '../call.ts';
import { describeNode, text } from '../node.ts';
import { computed } from '../result.ts';
import type { OpTable, OpWriter } from './operator.ts';

/** A factor, its axes by their letters. */
interface Factor {
  readonly tensor: string;
  readonly letters: readonly string[];
  readonly sizes: ReadonlyMap<string, number>;
}

/** Products of two tensors along letters, as attention has them: `abc,cde->abde`. */
const einsum: OpWriter = (call) => {
  const [left, right, result] = text(call.node, 'equation')
    .replaceAll(' ', '')
    .split(/,|->/)
    .map((term) => [...term]);
  if (!left || !right || !result || call.inputs.length !== 2 || [left, right, result].some((term) => !isPlain(term)))
    throw new Unsupported('an equation of another form');
  const a = factor(call, 0, left);
  const b = factor(call, 1, right);
  const shared = left.filter((letter) => right.includes(letter) && result.includes(letter));
  const summed = left.filter((letter) => right.includes(letter) && !result.includes(letter));
  const own = (term: readonly string[]) =>
    term.filter((letter) => !shared.includes(letter) && !summed.includes(letter));
  const [rows, columns] = [own(left), own(right)];
  if ([...rows, ...columns].some((letter) => !result.includes(letter)))
    throw new Unsupported('it sums along one factor');

  const size = (letters: readonly string[]): Shape =>
    letters.map((letter) => a.sizes.get(letter) ?? b.sizes.get(letter)!);
  // Without letters that both keep, the rows stay apart: the batch is one of them.
  const x = arranged(
    call,
    a,
    [...shared, ...rows, ...summed],
    [...size(shared), ...(shared.length > 0 ? [elements(size(rows))] : size(rows)), elements(size(summed))],
  );
  const y = arranged(
    call,
    b,
    [...shared, ...summed, ...columns],
    [...size(shared), elements(size(summed)), elements(size(columns))],
  );
  const order = [...shared, ...rows, ...columns];
  const product = call.add('MatMul', [x, y], {}, 'product');
  const parted = reshaped(call, product, size(order));
  const perm = result.map((letter) => order.indexOf(letter));
  return [computed(perm.every((axis, i) => axis === i) ? parted : call.add('Transpose', [parted], { perm }), false)];
};

const isPlain = (term: readonly string[]) =>
  term.every((letter) => /[a-z]/i.test(letter)) && new Set(term).size === term.length;

function factor(call: OpCall, index: number, letters: readonly string[]): Factor {
  const plain = call.plain(call.computed(index));
  const shape = call.shape(plain);
  if (shape.length !== letters.length)
    throw damaged(`${describeNode(call.node)} names ${letters.length} axes of ${shape.length}; the file is damaged`);
  return { tensor: plain.tensor, letters, sizes: new Map(letters.map((letter, axis) => [letter, shape[axis]!])) };
}

/** A factor with its axes in another order, then joined to `shape`. */
function arranged(call: OpCall, { tensor, letters }: Factor, order: readonly string[], shape: Shape): string {
  const perm = order.map((letter) => letters.indexOf(letter));
  const turned = perm.every((axis, i) => axis === i) ? tensor : call.add('Transpose', [tensor], { perm }, 'order');
  return reshaped(call, turned, shape);
}

function reshaped(call: OpCall, tensor: string, shape: Shape): string {
  const from = call.shape(computed(tensor, false));
  if (String(from) === String(shape)) return tensor;
  if (shape.indexOf(BATCH) > 0 || elements(from) !== elements(shape)) throw new Unsupported('it moves the batch');
  return call.add('Reshape', [tensor, call.ints(target(shape))], {}, 'shape');
}

export const EINSUM_OPS: OpTable = { Einsum: einsum };
