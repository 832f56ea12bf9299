import { isOpen } from '../graph.ts';
import { axisOf, constantNumbers, inputShape, number, type OperatorTable, type ShapeContext } from '../operator.ts';
import { zerosLike } from './common.ts';

/** The axis that is chosen along; images are not chosen among. */
function axisFor(context: ShapeContext, fallback: number): number {
  const shape = inputShape(context, 0);
  const axis = axisOf(number(context.node, 'axis', fallback), shape.length);
  if (isOpen(shape[axis]!)) throw new Error('a choice among the images of the batch');
  return axis;
}

/** Values picked along an axis by places that are computed. */
export const SELECTION: OperatorTable = {
  /** The `k` largest (smallest) values along an axis, in order, of equals the first; and their places. */
  TopK: {
    shape(context) {
      const shape = inputShape(context, 0);
      const axis = axisFor(context, -1);
      const [k] = constantNumbers(context, 1) as [number];
      if (k > shape[axis]!) throw new Error(`${k} of ${shape[axis]} values`);
      const chosen = shape.map((size, i) => (i === axis ? k : size));
      return [chosen, chosen];
    },
    /** Each goes back to its place. */
    gradient(context) {
      const { builder, node, gradients } = context;
      if (gradients[0] === undefined) return [];
      const zeros = zerosLike(builder, node.inputs[0]!);
      return [builder.add('ScatterElements', [zeros, node.outputs[1]!, gradients[0]], { axis: axisFor(context, -1) })];
    },
  },

  /** For each place along an axis the value there, at the place's own position along the others. */
  GatherElements: {
    shape(context) {
      const [shape, places] = [inputShape(context, 0), inputShape(context, 1)];
      const axis = axisFor(context, 0);
      if (places.length !== shape.length) throw new Error(`places with ${places.length} axes of ${shape.length}`);
      if (places.some((size, i) => i !== axis && (isOpen(size) ? size !== shape[i] : size > shape[i]!)))
        throw new Error('places of other images, or more than there are values');
      return [places];
    },
    gradient(context) {
      const { builder, node, gradients } = context;
      const zeros = zerosLike(builder, node.inputs[0]!);
      const attributes = { axis: axisFor(context, 0), reduction: 'add' };
      return [builder.add('ScatterElements', [zeros, node.inputs[1]!, gradients[0]!], attributes)];
    },
  },
};
