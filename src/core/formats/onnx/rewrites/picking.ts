import { asTarget, isOpen } from '../../../graph/graph.ts';
import { elements } from '../../../graph/tensor.ts';
import type { FileNode } from '../read.ts';
import { knownInput, numberOf, type Rewrite, type Rewritten } from './rewrite.ts';

const unchanged = ({ op, inputs, attributes }: FileNode): Rewritten => ({ op, inputs, attributes });

/**
 * Entries at known places of several axes: the axes become one, along which they are gathered. Places that are computed, lie
 * along the batch, or are others for each image, stay an operator that is not known.
 */
export const gatherNd: Rewrite = (node, context) => {
  const [x, indices] = node.inputs as [string, string];
  const [shape, places, at] = [context.shape(x), context.shape(indices), knownInput(node, context, 1)];
  const first = numberOf(node, 'batch_dims', 0);
  const depth = places?.at(-1) ?? 0;
  if (!shape || !places || !at || depth === 0) return unchanged(node);
  const axes = shape.slice(first, first + depth);
  const before = shape.slice(0, first);
  // One list of places for all: a free batch, or one of a single image.
  if (axes.some(isOpen) || before.some((size) => size > 1) || elements(places.slice(0, first)) !== 1)
    return unchanged(node);
  const items = Array.from({ length: at.length / depth }, (_, i) =>
    axes.reduce((place, size, axis) => {
      const index = at[i * depth + axis]!;
      return place * size + (index < 0 ? index + size : index);
    }, 0),
  );
  const joined = [...before, elements(axes), ...shape.slice(first + depth)];
  const rows = depth === 1 ? x : context.add('Reshape', [x, context.ints(asTarget(joined))]);
  const where = context.constant(`${node.outputs[0]}/places`, {
    dtype: 'int64',
    shape: places.slice(first, -1),
    items,
  });
  return { op: 'Gather', inputs: [rows, where], attributes: { axis: first } };
};

/** The upper or lower triangle of matrices, by a mask; zeros elsewhere. */
export const trilu: Rewrite = (node, context) => {
  const x = node.inputs[0]!;
  const [rows, columns] = context.shape(x)?.slice(-2) ?? [];
  const k = node.inputs[1] ? knownInput(node, context, 1)?.[0] : 0;
  if (rows === undefined || columns === undefined || rows < 0 || columns < 0 || k === undefined) return unchanged(node);
  const upper = numberOf(node, 'upper', 1) === 1;
  const items = Array.from({ length: rows * columns }, (_, i) => {
    const diagonal = (i % columns) - Math.floor(i / columns);
    return Number(upper ? diagonal >= k : diagonal <= k);
  });
  const mask = context.constant(`${node.outputs[0]}/mask`, { dtype: 'bool', shape: [rows, columns], items });
  return { op: 'Where', inputs: [mask, x, context.float(0)], attributes: {} };
};

/** What is not equal to itself. */
export const isNaNumber: Rewrite = (node, context) => ({
  op: 'Not',
  inputs: [context.add('Equal', [node.inputs[0]!, node.inputs[0]!])],
  attributes: {},
});
