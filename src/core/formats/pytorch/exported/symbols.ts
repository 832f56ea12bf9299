import { BATCH } from '../../../graph/graph.ts';
import { damaged } from '../../failure.ts';
import type { Network } from '../aten/network.ts';
import { TensorRef, type AtenValue } from '../aten/values.ts';

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  floordiv: (a, b) => Math.floor(a / b),
  truediv: (a, b) => a / b,
  mod: (a, b) => ((a % b) + b) % b,
  pow: (a, b) => a ** b,
};

/** A function of sizes, computed: a size of a tensor, or arithmetic with sizes. Undefined for any other function. */
export function symbolic(target: string, args: readonly AtenValue[], network: Network): AtenValue | undefined {
  const [first, second] = args;
  if ((target === 'sym_size' || target === 'size') && first instanceof TensorRef && typeof second === 'number') {
    const size = network.draft.shapes.get(first.name)?.at(second);
    if (size === undefined) throw damaged(`a size of '${first.name}' is taken, which is not known`);
    return size;
  }
  const name = /^_operator\.(\w+)$/.exec(target)?.[1] ?? '';
  if (name === 'neg' && typeof first === 'number') return known(-first, first);
  const compute = Object.hasOwn(ARITHMETIC, name) ? ARITHMETIC[name] : undefined;
  if (!compute || typeof first !== 'number' || typeof second !== 'number') return undefined;
  return known(compute(first, second), first, second);
}

function known(value: number, ...sizes: readonly number[]): number {
  if (sizes.includes(BATCH)) throw damaged('it computes with the batch size');
  return value;
}
