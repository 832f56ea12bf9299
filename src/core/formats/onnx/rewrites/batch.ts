import { BATCH } from '../../../graph/graph.ts';
import type { Context, Rewrite } from './rewrite.ts';

/** What is joined with images and the file holds for its own batch only (a class token): for each image. */
export const freeConcat: Rewrite = (node, context) => {
  const { op, attributes } = node;
  const shapes = node.inputs.map((name) => context.shape(name));
  const rank = shapes[0]?.length ?? 0;
  const joinsImages = attributes.axis === 0 || attributes.axis === -rank;
  const free = shapes.some((shape) => shape?.[0] === BATCH);
  if (joinsImages || !free || context.batch !== 1) return { op, inputs: node.inputs, attributes };
  const inputs = node.inputs.map((name, i) => (shapes[i]?.[0] === 1 ? forEachImage(name, rank, context) : name));
  return { op, inputs, attributes };
};

/** A tensor that is the same for all images, whose first axis is 1, once for each: plus a zero of each image. */
export function forEachImage(tensor: string, rank: number, context: Context): string {
  const image = context.images();
  const axes = context
    .shape(image)!
    .slice(1)
    .map((_, i) => i + 1);
  const first = context.add('Slice', [image, ...[axes.map(() => 0), axes.map(() => 1), axes].map(context.ints)]);
  const one = context.add('Reshape', [first, context.ints([0, ...new Array<number>(rank - 1).fill(1)])]);
  // By its sign, which ends the gradient.
  const zero = context.add('Mul', [context.add('Sign', [one]), context.float(0)]);
  return context.add('Add', [tensor, zero]);
}
