import type { Attribute, Shape } from '../../../graph/graph.ts';
import type { FileNode } from '../read.ts';
import { isNumber, list, type Value } from '../values.ts';

/** A node in opset 18 form; it gets the file's name and outputs. */
export interface Rewritten {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** How many of the file's outputs it has; default all. */
  readonly outputs?: number;
}

/** What a rewrite may ask and do. */
export interface Context {
  /** Operator set of the file. */
  readonly opset: number;
  /** The batch size that the file fixes; 1 where it leaves it open. */
  readonly batch: number;
  /** Whether the file fixes it. */
  readonly fixed: boolean;
  /** Undefined where it can't be known. */
  shape(tensor: string): Shape | undefined;
  value(tensor: string | undefined): Value | undefined;
  /** A list of whole numbers as a constant. */
  ints(values: readonly number[]): string;
  float(value: number): string;
  constant(name: string, value: Value): string;
  /** Gives a tensor of the file its value. */
  define(name: string, value: Value): string;
  /** ONNX's number of a constant's element type in the file; undefined for what is computed. */
  elementType(tensor: string): number | undefined;
  /** Whether the run may make so many values more that a few bytes of the file tell of. */
  affords(values: number): boolean;
  isInput(tensor: string): boolean;
  /** The first input with a free batch. */
  images(): string;
  /** Constants that were quantised in the file and hold real numbers here. */
  readonly real: Set<string>;
  /** Says what a user should know of the file, once. */
  warn(line: string): void;
  /** Adds a node before the one that is returned. */
  add(op: string, inputs: readonly string[], attributes?: Readonly<Record<string, Attribute>>): string;
}

/**
 * Brings a node of any opset to the form of opset 18 that the Graph has. A name: the node does nothing more, its output is
 * that tensor.
 */
export type Rewrite<Result = Rewritten | string> = (node: FileNode, context: Context) => Result;

/** An attribute that is a list of numbers; undefined where it is missing. */
export function listOf(node: FileNode, name: string): readonly number[] | undefined {
  const value = node.attributes[name];
  return Array.isArray(value) ? (value as readonly number[]) : undefined;
}

export function numberOf(node: FileNode, name: string, fallback: number): number {
  const value = node.attributes[name];
  return typeof value === 'number' ? value : fallback;
}

export function textOf(node: FileNode, name: string, fallback: string): string {
  const value = node.attributes[name];
  return typeof value === 'string' ? value : fallback;
}

/** The attributes but for those named. */
export function without(node: FileNode, ...names: readonly string[]): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(node.attributes).filter(([name]) => !names.includes(name)));
}

/** Known numbers of a constant input; undefined where it is missing, computed, or holds the batch size. */
export function knownInput(node: FileNode, context: Context, index: number): readonly number[] | undefined {
  const items = list(context.value(node.inputs[index]));
  return items?.every(isNumber) ? items : undefined;
}
