import { Unsupported, OpCall } from './call.ts';
import type { Result } from './result.ts';

/** More tensors than the lists of a loop over images hold. */
const MOST_ITEMS = 64;

/**
 * TensorFlow 2's lists of tensors, which loops take their values from and put them in: none of the graph, what they hold is.
 * `write`: of an operator on tensors. Undefined for all other nodes.
 */
export function lists(call: OpCall, write: (call: OpCall) => readonly Result[]): readonly Result[] | undefined {
  const { node, inputs, state } = call;
  const as = (op: string, given: readonly Result[]) =>
    write(new OpCall({ ...node, op, attributes: new Map() }, given, state));
  try {
    if (node.op === 'TensorListReserve') return [listOf(new Array<undefined>(countOf(call, 1)).fill(undefined))];
    if (node.op === 'TensorListFromTensor') return [listOf(as('Unpack', inputs.slice(0, 1)))];
    const [list] = inputs;
    if (list?.kind !== 'list') return undefined;
    if (node.op === 'TensorListGetItem') return [list.items[countOf(call, 1)] ?? { kind: 'other' }];
    if (node.op === 'TensorListSetItem') return [listOf(list.items.with(countOf(call, 1), call.input(2)))];
    if (node.op === 'TensorListStack')
      return as(
        'Pack',
        list.items.map((item) => item ?? { kind: 'other' }),
      );
  } catch (error) {
    if (!(error instanceof Unsupported) && !(error instanceof RangeError)) throw error;
  }
  return undefined;
}

const listOf = (items: readonly (Result | undefined)[]): Result => ({ kind: 'list', items });

function countOf(call: OpCall, index: number): number {
  const count = call.number(index);
  if (!(count >= 0 && count <= MOST_ITEMS)) throw new Unsupported(`a list of ${count}`);
  return count;
}
