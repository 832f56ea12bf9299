import type { GraphBuilder } from './builder.ts';
import type { Attribute, Node, Shape } from './graph.ts';
import { numbers, type Tensor } from './tensor.ts';

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
  /**
   * Takes what has arrived at an input from other nodes, in the input's shape; undefined where nothing has. What the gradient
   * function then gives for that input is to hold it. Missing where a rule speaks.
   */
  readonly arrived?: (input: number) => string | undefined;
}

/** The tensors that hold ∂objective/∂input, by input; undefined for none (not wanted, or zero everywhere). */
export type GradientFunction = (context: GradientContext) => readonly (string | undefined)[];

/** An operator of the subset: its shape, its gradient, its cost. Engines know how to run it. */
export interface Operator {
  /** Throws where the inputs don't fit; the caller adds the node's name. */
  shape(context: ShapeContext): readonly Shape[];
  /** Missing for operators that nothing is differentiated through. */
  gradient?: GradientFunction;
  /** Floating-point operations for one image, a multiply-add as two; default 0. */
  flops?(context: ShapeContext & { readonly outputs: readonly Shape[] }): number;
}

export type OperatorTable = Readonly<Record<string, Operator>>;

/** The shape of an input that the operator can't do without. */
export function inputShape(context: ShapeContext, index: number): Shape {
  const shape = context.inputs[index];
  if (!shape) throw new Error(`input ${index} is missing`);
  return shape;
}

/** An attribute that is a list of numbers. */
export function list(node: Node, name: string, fallback: readonly number[]): readonly number[] {
  const value = node.attributes[name];
  return Array.isArray(value) ? (value as readonly number[]) : fallback;
}

export function number(node: Node, name: string, fallback: number): number {
  const value: Attribute | undefined = node.attributes[name];
  return typeof value === 'number' ? value : fallback;
}

export function text(node: Node, name: string, fallback: string): string {
  const value = node.attributes[name];
  return typeof value === 'string' ? value : fallback;
}

/** The numbers of an input that must be constant: a shape, axes, pads. */
export function constantNumbers(context: ShapeContext, index: number): number[] {
  const value = context.constant(index);
  if (!value) throw new Error(`input ${index} must be constant`);
  return numbers(value);
}

/** An axis from the end (negative) as one from the start. */
export function axisOf(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(positive) || positive < 0 || positive >= Math.max(rank, 1))
    throw new Error(`axis ${axis} of a tensor with ${rank} axes`);
  return positive;
}
