import { nodeOf, type Importer } from './import.ts';
import type { FileInput } from './inputs.ts';
import type { Body } from './library.ts';
import type { OpNode } from './node.ts';

/** What pictures pass on their way to a network's own resize. */
const PASSING = /^(Cast|Identity)$/;

/**
 * An input whose height and width the file leaves open, as large as the network's own first resize makes it: then nothing is
 * made larger or smaller twice.
 */
export function atOwnSize<I extends FileInput & { readonly tensor: string }>(
  input: I,
  body: Body,
  reader: Importer,
): I {
  const { sizes, tensor } = input;
  if (sizes?.length !== 4 || sizes[1] !== -1 || sizes[2] !== -1) return input;
  const resize = firstAfter(body, nodeOf(tensor));
  const [size] = resize?.op.startsWith('Resize') ? reader.run(body, [resize.inputs[1] ?? ''], new Map()) : [];
  if (size?.kind !== 'known' || size.value.items.length !== 2) return input;
  return { ...input, sizes: [sizes[0]!, ...Array.from(size.value.items as ArrayLike<number>), sizes[3]!] };
}

/** Those that do nothing with the values, or belonged to a loop over them. */
const BESIDE = /^(Shape|TensorArrayScatterV3)$/;

/** The first node that changes what a node makes, where no other does. */
function firstAfter({ nodes }: Body, from: string): OpNode | undefined {
  const passed = new Set([from]);
  for (const name of passed) {
    const [taker, ...others] = nodes.filter(
      ({ op, inputs }) => !BESIDE.test(op) && inputs.some((input) => nodeOf(input) === name),
    );
    if (!taker || others.length > 0) return undefined;
    if (!PASSING.test(taker.op)) return taker;
    passed.add(taker.name);
  }
  return undefined;
}
