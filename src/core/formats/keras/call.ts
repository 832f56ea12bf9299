import { BATCH, type Attribute, type Shape } from '../../graph/graph.ts';
import type { Tensor } from '../../graph/tensor.ts';
import type { Draft } from '../draft.ts';
import { damaged } from '../failure.ts';
import { lazily } from '../lazy.ts';
import { transposeFloats } from '../transpose.ts';
import type { LayerConfig } from './config.ts';
import { TO_NCHW, TO_NHWC, type KerasTensor } from './tensor.ts';
import type { StoredWeight, WeightTable } from './weights.ts';

/** What a layer's builder returns: the tensor that its consumers take, and what the layer shows. */
export interface Made {
  readonly result: KerasTensor;
  /** Tensor with the layer's output, where it is not the result. */
  readonly output?: string;
  /** Tensor before the layer's activation function. */
  readonly before?: string;
}

/** Writes the nodes of one call of a layer. */
export type LayerBuilder = (call: Call) => Made;

/** Thrown where a layer needs the shape of a tensor behind an unknown layer. */
export class ShapeUnknown extends Error {}

/** Thrown for what a layer can't be written for; it is kept as an unknown operator of the error's message. */
export class Unsupported extends Error {}

/** State that all calls share. */
export interface Shared {
  readonly draft: Draft;
  readonly weights: WeightTable;
  /** Constants by weight: a layer that is called twice has them once. */
  readonly constants: Map<string, string>;
  /** Whether the model's images are N×H×W×C in Keras. */
  readonly channelsLast: boolean;
  /** Major version of the Keras that wrote the model. */
  readonly version: number;
  /** Whether convolutions rotate their kernels by 180°, as Theano's do. */
  readonly rotated: boolean;
}

/** One call of a layer on tensors: settings, weights, and nodes named after it. */
export class Call {
  readonly used: string[] = [];

  constructor(
    readonly layer: LayerConfig,
    /** Name in the model: with the models around it, and `:1` for the second call. */
    readonly name: string,
    /** Names of the models around it, and its own: where its weights are. */
    readonly path: readonly string[],
    readonly inputs: readonly KerasTensor[],
    readonly shared: Shared,
    /** Which call of the layer. */
    readonly index = 0,
  ) {}

  /** What is computed, for the user: a layer may be a function of TensorFlow. */
  get operator(): string {
    const { kind, settings } = this.layer;
    const isFunction = kind === 'TFOpLambda' || kind === 'SlicingOpLambda';
    return isFunction && typeof settings.function === 'string' ? `tf.${settings.function}` : kind;
  }

  /** What it is called on, in the graph: tensors, and numbers as constants. */
  get operands(): string[] {
    const listed = this.layer.operands?.[this.index] ?? this.inputs.map(() => null);
    const rest = [...this.inputs];
    return listed.flatMap((operand) => (operand === null ? (rest.shift()?.tensor ?? []) : this.scalar(operand)));
  }

  get input(): KerasTensor {
    const [first] = this.inputs;
    if (!first) throw damaged(`layer '${this.name}' has no input`);
    return first;
  }

  get imagesChannelsLast(): boolean {
    const format = this.layer.settings.data_format;
    return typeof format === 'string' ? format !== 'channels_first' : this.shared.channelsLast;
  }

  /** A node of the layer; the first is named as the layer is, those with a `part` after it. */
  add(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}, part = ''): string {
    return this.shared.draft.add(op, inputs, attributes, part ? `${this.name}/${part}` : this.name);
  }

  ints(values: readonly number[]): string {
    return this.shared.draft.ints(values);
  }

  scalar(value: number): string {
    return this.shared.draft.scalar(value);
  }

  /** The shape in the graph. */
  shape({ tensor }: KerasTensor): Shape {
    const shape = this.shared.draft.shapes.get(tensor);
    if (!shape) throw new ShapeUnknown();
    return shape;
  }

  knows({ tensor }: KerasTensor): boolean {
    return this.shared.draft.shapes.has(tensor);
  }

  /** The shape as Keras sees it. */
  kerasShape(input: KerasTensor): Shape {
    const shape = this.shape(input);
    return input.channelsLast ? TO_NHWC.map((axis) => shape[axis]!) : shape;
  }

  /** An axis of Keras (from the end, where negative) as one of the graph. */
  axis(axis: number, input: KerasTensor): number {
    const rank = this.shape(input).length;
    const positive = axis < 0 ? axis + rank : axis;
    if (!(positive >= 0 && positive < rank)) throw damaged(`layer '${this.name}' works on axis ${axis} of ${rank}`);
    return input.channelsLast ? TO_NHWC[positive]! : positive;
  }

  /** The input as the layer's `data_format` wants it: an image that is N×C×H×W in the graph. */
  image(input = this.input): KerasTensor {
    if (!this.knows(input)) return { ...input, channelsLast: this.imagesChannelsLast };
    if (this.shape(input).length !== 4)
      throw damaged(
        `layer '${this.name}' (${this.layer.kind}) has an input of ${this.shape(input).length} axes, not 4`,
      );
    if (input.channelsLast === this.imagesChannelsLast) return input;
    return this.imagesChannelsLast ? this.toImage(input.tensor) : this.plain(input);
  }

  /** The same values in Keras' own order of axes. */
  plain(input: KerasTensor): KerasTensor {
    if (!input.channelsLast) return input;
    return { tensor: this.add('Transpose', [input.tensor], { perm: TO_NHWC }, 'nhwc'), channelsLast: false };
  }

  /** A tensor with Keras' order of axes; where it is an image, laid out N×C×H×W. */
  toImage(tensor: string): KerasTensor {
    const shape = this.shared.draft.shapes.get(tensor);
    if (shape?.length !== 4 || !this.shared.channelsLast) return { tensor, channelsLast: false };
    return { tensor: this.add('Transpose', [tensor], { perm: TO_NCHW }, 'nchw'), channelsLast: true };
  }

  number(name: string, fallback: number): number {
    const value = this.layer.settings[name];
    if (value === undefined || value === null) return fallback;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.wrong(name, 'a number');
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.layer.settings[name];
    return typeof value === 'boolean' ? value : fallback;
  }

  /** One whole number for each of two axes; a single one counts for both. */
  pair(name: string, fallback?: readonly [number, number], least = 1): readonly [number, number] {
    const value = this.layer.settings[name] ?? fallback;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value, value];
    if (list.length !== 2 || !list.every((size) => Number.isInteger(size) && (size as number) >= least))
      throw this.wrong(name, 'two whole numbers');
    return list as readonly [number, number];
  }

  wrong(name: string, expected: string): Error {
    const value = JSON.stringify(this.layer.settings[name]);
    return damaged(`layer '${this.name}' (${this.layer.kind}) has ${name} = ${value}; ${expected} expected`);
  }

  /**
   * A weight as a constant; its axes in the order `perm`, then as `shape` says (default as they are).
   * @param names  all that the layer has, in Keras' order
   */
  weight(name: string, names: readonly string[], layout: Layout = {}): string {
    const key = `${this.path.join('/')}/${name}`;
    let constant = this.shared.constants.get(key);
    if (constant === undefined) {
      const stored = this.shared.weights.require(this.path, name, names);
      const axes = stored.shape.length;
      if (layout.perm && layout.perm.length !== axes)
        throw damaged(`weight '${key}' has ${axes} axes; ${layout.perm.length} were expected`);
      constant = this.shared.draft.constant(key, laidOut(stored, layout));
      this.shared.constants.set(key, constant);
    }
    if (!this.used.includes(constant)) this.used.push(constant);
    return constant;
  }

  /** A constant of the layer that is no weight of the file. */
  filled(name: string, values: readonly number[], shape: readonly number[]): string {
    return this.shared.draft.floats(`${this.name}/${name}`, values, shape);
  }
}

/** A weight's values in a new order of axes and then a new shape. */
export function laidOut(stored: StoredWeight, { perm, shape, rotated }: Layout): Tensor<'float32'> {
  if (rotated) {
    const laid = laidOut(stored, { perm, shape });
    return lazily(laid.shape, () => rotateWindows(laid));
  }
  const sizes = perm?.map((axis) => stored.shape[axis]!) ?? stored.shape;
  const result = shape?.(sizes) ?? sizes;
  if (!perm) return stored.tensor(result);
  return lazily(result, () => transposeFloats(stored.tensor().data, stored.shape, perm));
}

/** The values with each window, of the last two axes, rotated by 180°. */
function rotateWindows({ data, shape }: Tensor<'float32'>): Float32Array {
  const window = shape.slice(-2).reduce((a, b) => a * b, 1);
  const result = data.slice();
  for (let at = 0; at < result.length; at += window) result.subarray(at, at + window).reverse();
  return result;
}

export interface Layout {
  readonly perm?: readonly number[];
  readonly shape?: (shape: readonly number[]) => readonly number[];
  /** The windows, of the last two axes of the result, are to be rotated by 180°. */
  readonly rotated?: boolean;
}

/** Sizes for a `Reshape` to this shape: the batch is the input's own. */
export const target = (shape: Shape): number[] => shape.map((size, axis) => (axis === 0 && size === BATCH ? 0 : size));
