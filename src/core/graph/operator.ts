import type { GraphBuilder } from './builder.ts';
import type { Node, Shape } from './graph.ts';
import type { Tensor } from './tensor.ts';

/** What an operator sees of its node when it infers its output's shape. */
export interface ShapeContext {
  readonly node: Node;
  /** Shapes of the inputs; undefined for one that is left out (`''`). */
  readonly inputs: readonly (Shape | undefined)[];
  /** The value of a constant input (shapes, axes, pads); undefined where it is not constant. */
  constant(index: number): Tensor | undefined;
}

/** What an operator sees when it writes its gradient. */
export interface GradientContext extends ShapeContext {
  readonly builder: GraphBuilder;
  readonly outputs: readonly (Shape | undefined)[];
  /** Which inputs a gradient is asked for. */
  readonly wanted: readonly boolean[];
  /** ∂objective/∂output, by output; undefined where nothing depends on it. */
  readonly gradients: readonly (string | undefined)[];
}

/** The tensors that hold ∂objective/∂input, by input; undefined for none (not wanted, or zero everywhere). */
export type GradientFunction = (context: GradientContext) => readonly (string | undefined)[];

/** An operator of the subset: its shape, its gradient, its cost. Engines know how to run it. */
export interface Operator {
  /** Throws a `LayerscopeError` where the inputs don't fit. */
  shape(context: ShapeContext): readonly Shape[];
  /** Missing for operators that nothing is differentiated through. */
  gradient?: GradientFunction;
  /** Floating-point operations for one image, a multiply-add as two; default 0. */
  flops?(context: ShapeContext & { outputs: readonly Shape[] }): number;
}

export const operatorTable = (table: Record<string, Operator>): Readonly<Record<string, Operator>> => table;
