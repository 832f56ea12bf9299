import { numbers, type Tensor } from '../../graph/tensor.ts';
import type { FileNode } from './read.ts';

/**
 * Height and width to which a network first of all resizes what it is given: then nothing need be made larger or smaller twice.
 * `tensors`: all that an input is before. Undefined where it does not, or where the file does not say to which size.
 */
export function ownSize(
  tensors: ReadonlySet<string>,
  nodes: readonly FileNode[],
  stored: ReadonlyMap<string, Tensor>,
): readonly [number, number] | undefined {
  const next = nodes.filter(({ inputs }) => tensors.has(inputs[0] ?? '') && inputs.length > 0);
  const outputs = new Set(next.flatMap((node) => (node.op === 'Transpose' ? node.outputs : [])));
  const resize = nodes.find(
    ({ op, inputs }) => op === 'Resize' && (tensors.has(inputs[0]!) || outputs.has(inputs[0]!)),
  );
  const sizes = resize?.inputs[3];
  const joined = nodes.find(({ op, outputs: made }) => op === 'Concat' && made[0] === sizes);
  const known = stored.get(joined?.inputs.at(-1) ?? sizes ?? '');
  const [height, width] = known ? numbers(known).slice(-2) : [];
  return height && width ? [height, width] : undefined;
}
