import type { GraphBuilder } from '../builder.ts';
import { asTarget, type Shape } from '../graph.ts';
import { inputShape, type GradientFunction, type ShapeContext } from '../operator.ts';

export const sameShape = (context: ShapeContext): readonly Shape[] => [inputShape(context, 0)];

/** Of a function that is constant but for its jumps: zero everywhere. */
export const flat: GradientFunction = () => [];

/** Zeros of the shape that a tensor has when it runs. */
export const zerosLike = (builder: GraphBuilder, tensor: string): string => filledLike(builder, tensor, 0);

export const filledLike = (builder: GraphBuilder, tensor: string, value: number): string =>
  builder.add('Expand', [builder.scalar(value), builder.add('Shape', [tensor])]);

/** The shape that numpy's broadcasting gives. */
export function broadcast(...shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own === 1 || own === size) continue;
      if (size !== 1) throw new Error('shapes that do not broadcast');
      size = own;
    }
    return size;
  });
}

/** Sums a gradient over the axes along which its tensor was broadcast, from shape `from` to shape `to`. */
export function unbroadcast(builder: GraphBuilder, gradient: string, from: Shape, to: Shape): string {
  const offset = from.length - to.length;
  const axes = from.map((_, axis) => axis).filter((axis) => axis < offset || to[axis - offset] !== from[axis]);
  if (axes.length === 0) return gradient;
  const sum = builder.add('ReduceSum', [gradient, builder.ints(axes)], { keepdims: 1 });
  return offset === 0 ? sum : builder.add('Reshape', [sum, builder.ints(asTarget(to))]);
}

/** Numbers of values of one image. */
export const perImage = (shape: Shape): number => shape.reduce((n, size) => n * Math.abs(size), 1);
