import { BATCH, type Attribute, type Shape } from '../../../graph/graph.ts';
import { damaged } from '../../failure.ts';
import type { Network } from './network.ts';
import { ShapeUnknown, TensorRef, Unsupported, type AtenValue } from './values.ts';

/** One call of a function of PyTorch: its arguments by their names, and the graph that it is written into. */
export class Call {
  constructor(
    readonly network: Network,
    /** What its nodes are called. */
    readonly name: string,
    readonly args: ReadonlyMap<string, AtenValue>,
  ) {}

  get draft() {
    return this.network.draft;
  }

  has(arg: string): boolean {
    const value = this.args.get(arg);
    return value !== undefined && value !== null;
  }

  tensor(arg: string): string {
    const value = this.args.get(arg);
    if (value instanceof TensorRef) return value.name;
    throw damaged(`'${this.name}' has no tensor '${arg}'; export the model again`);
  }

  /** `''` for one that is left out. */
  optional(arg: string): string {
    return this.has(arg) ? this.tensor(arg) : '';
  }

  /** A tensor, or a number as one. */
  operand(arg: string): string {
    const value = this.args.get(arg);
    return typeof value === 'number' ? this.draft.scalar(value) : this.tensor(arg);
  }

  tensors(arg: string): string[] {
    const value = this.args.get(arg);
    if (Array.isArray(value))
      return (value as AtenValue[]).map((one) => {
        if (one instanceof TensorRef) return one.name;
        throw damaged(`'${this.name}' has something in '${arg}' that is no tensor; export the model again`);
      });
    throw damaged(`'${this.name}' has no tensors '${arg}'; export the model again`);
  }

  number(arg: string, fallback?: number): number {
    const value = this.args.get(arg) ?? fallback;
    if (typeof value === 'boolean') return Number(value);
    if (typeof value === 'number') return value;
    throw damaged(`'${this.name}' has no number '${arg}'; export the model again`);
  }

  whole(arg: string, fallback?: number): number {
    const value = this.number(arg, fallback);
    if (Number.isInteger(value)) return value;
    throw damaged(`'${this.name}' has ${value} as '${arg}', a whole number was expected; export the model again`);
  }

  flag(arg: string, fallback = false): boolean {
    return this.has(arg) ? this.number(arg) !== 0 : fallback;
  }

  text(arg: string, fallback: string): string {
    const value = this.args.get(arg);
    return typeof value === 'string' ? value : fallback;
  }

  /** Whole numbers; one alone is a list of it. */
  numbers(arg: string, fallback?: readonly number[]): readonly number[] {
    const values = this.factors(arg, fallback);
    if (values.every(Number.isInteger)) return values;
    throw damaged(
      `'${this.name}' has [${values.join(', ')}] as '${arg}', whole numbers were expected; export the model again`,
    );
  }

  factors(arg: string, fallback?: readonly number[]): readonly number[] {
    const value = this.args.get(arg);
    if (typeof value === 'number') return [value];
    if (Array.isArray(value) && value.every((one) => typeof one === 'number')) return value as number[];
    if (fallback && !this.has(arg)) return fallback;
    throw damaged(`'${this.name}' has no numbers '${arg}'; export the model again`);
  }

  /** One number for each of some axes: PyTorch lets one stand for all, and none for the fallback. */
  each(arg: string, axes: number, fallback: number | readonly number[]): readonly number[] {
    const given = this.numbers(arg, []);
    if (given.length === axes) return given;
    if (given.length === 1) return new Array<number>(axes).fill(given[0]!);
    if (given.length === 0) return typeof fallback === 'number' ? new Array<number>(axes).fill(fallback) : fallback;
    throw damaged(
      `'${this.name}' has ${given.length} numbers in '${arg}', ${axes} were expected; export the model again`,
    );
  }

  shape(tensor: string): Shape {
    const shape = this.draft.shapes.get(tensor);
    if (!shape) throw new ShapeUnknown(tensor);
    return shape;
  }

  /** An axis as it counts from the start. */
  axis(arg: string, rank: number, fallback?: number): number {
    return fromStart(this.whole(arg, fallback), rank);
  }

  add(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.draft.add(op, inputs, attributes, this.name);
  }

  /** The tensor in another shape; the batch stays where it is, first. */
  reshape(tensor: string, sizes: readonly number[]): string {
    const shape = this.shape(tensor);
    const target = this.network.targetShape(shape, sizes);
    if (!target) throw damaged(`'${this.name}' joins the batch with other axes`);
    return String(target) === String(shape) ? tensor : this.add('Reshape', [tensor, this.draft.ints(target)]);
  }

  refuse(what: string): never {
    throw new Unsupported(what);
  }
}

export function fromStart(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(positive) || positive < 0 || positive >= Math.max(1, rank))
    throw damaged(`axis ${axis} of a tensor with ${rank} axes; export the model again`);
  return positive;
}

export const isBatch = (size: number | undefined): boolean => size === BATCH;

/** What writes a call into the graph, and its parameters in the order of PyTorch's schema. */
export interface AtenFunction {
  readonly parameters: readonly string[];
  write(call: Call): AtenValue;
}

export type AtenTable = Readonly<Record<string, AtenFunction>>;

/** A function that gives one tensor. */
export const gives = (parameters: string, write: (call: Call) => string): AtenFunction => ({
  parameters: parameters.split(' '),
  write: (call) => new TensorRef(write(call)),
});

/** A function that gives several tensors. */
export const givesList = (parameters: string, write: (call: Call) => readonly string[]): AtenFunction => ({
  parameters: parameters.split(' '),
  write: (call) => write(call).map((name) => new TensorRef(name)),
});
