import { BATCH, type Attribute, type Shape } from '../../graph/graph.ts';
import { int64, numbers, type Tensor } from '../../graph/tensor.ts';
import type { Draft } from '../draft.ts';
import { damaged } from '../failure.ts';
import { TO_NCHW, TO_NHWC } from '../keras/tensor.ts';
import { lazily } from '../lazy.ts';
import { toTensor, type Value } from '../onnx/values.ts';
import { transposeFloats } from '../transpose.ts';
import { hasBatch } from './batch.ts';
import { describeNode, text, type OpNode } from './node.ts';
import { computed, type Computed, type Known, type Result } from './result.ts';

/** Thrown where a node does what the graph can't say: the node is shown as one of an unknown operator. */
export class Unsupported extends Error {}

/** State that all calls share. */
export interface State {
  readonly draft: Draft;
  /** Constants that stand in the graph already, by tensor and layout. */
  readonly constants: Map<object, Map<string, string>>;
  /** The batch size that the file fixes; 1 where it leaves it open. */
  readonly batch: number;
  /** Whether the file fixes it. */
  readonly batchIsFixed: boolean;
  /** Whether four axes are an image of N×H×W×C where nothing else is said. */
  readonly channelsLast: boolean;
}

/** How a weight's axes are laid out anew: axes of size 1 before them, their order, then what stands in place of the sizes. */
export interface Layout {
  readonly axes?: number;
  readonly perm?: readonly number[];
  readonly shape?: (shape: readonly number[]) => readonly number[];
}

/** One node on its inputs: what it may ask of them, and nodes of the graph named after it. */
export class OpCall {
  constructor(
    readonly node: OpNode,
    readonly inputs: readonly Result[],
    readonly state: State,
  ) {}

  input(index: number): Result {
    const input = this.inputs[index];
    if (!input) throw damaged(`${describeNode(this.node)} has no input ${index}; the file is damaged`);
    return input;
  }

  /** A node of the graph; the first is named as the file's is, those with a `part` after it. */
  add(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}, part = ''): string {
    return this.state.draft.add(op, inputs, attributes, part ? `${this.node.name}/${part}` : this.node.name);
  }

  ints(values: readonly number[]): string {
    return this.state.draft.ints(values);
  }

  scalar(value: number): string {
    return this.state.draft.scalar(value);
  }

  /** The value; undefined where it is known only when the graph runs. */
  value(index: number): Value | undefined {
    const input = this.input(index);
    return input.kind === 'known' ? input.value : undefined;
  }

  /** Whole numbers in an input that must be known; the batch size may be in them, as `N`. */
  items(index: number): readonly number[] {
    const value = this.value(index);
    if (!value) throw new Unsupported(`input ${index} is not constant`);
    if (value.items.length > 64) throw damaged(`${describeNode(this.node)} has ${value.items.length} numbers for axes`);
    return Array.from(value.items as ArrayLike<number>);
  }

  /** Whole numbers in an input that must be known. */
  numbers(index: number): number[] {
    const items = this.items(index);
    if (items.some(hasBatch)) throw new Unsupported('it needs the batch size as a number');
    return [...items];
  }

  number(index: number): number {
    const [value] = this.numbers(index);
    if (value === undefined) throw damaged(`${describeNode(this.node)} has no number in input ${index}`);
    return value;
  }

  /** A computed input, in any order of axes; a known one as a constant in TensorFlow's. */
  computed(index = 0): Computed {
    return this.materialise(this.input(index));
  }

  materialise(input: Result): Computed {
    if (input.kind === 'computed' && input.rows) throw new Unsupported('the batch is joined with other axes');
    if (input.kind === 'computed') return input;
    if (input.kind === 'known') return computed(this.constant(input), false);
    throw new Unsupported(`an input is no number (${input.kind})`);
  }

  /** The shape in the graph. */
  shape({ tensor }: Computed): Shape {
    const shape = this.state.draft.shapes.get(tensor);
    if (!shape) throw new Unsupported('its shape is not known');
    return shape;
  }

  /** The shape as TensorFlow sees it. */
  fileShape(input: Computed): Shape {
    const shape = this.shape(input);
    return input.channelsLast ? TO_NHWC.map((axis) => shape[axis]!) : shape;
  }

  /** An axis of TensorFlow (from the end, where negative) as one of the graph. */
  axis(axis: number, input: Computed): number {
    const rank = this.shape(input).length;
    const positive = axis < 0 ? axis + rank : axis;
    if (!(positive >= 0 && positive < rank))
      throw damaged(`${describeNode(this.node)} works on axis ${axis} of ${rank}; the file is damaged`);
    return input.channelsLast ? TO_NHWC[positive]! : positive;
  }

  get imagesChannelsLast(): boolean {
    return text(this.node, 'data_format', 'NHWC') !== 'NCHW';
  }

  /** An input as an image that is N×C×H×W in the graph, as the node's `data_format` says. */
  image(index = 0): Computed {
    const input = this.computed(index);
    const { length } = this.shape(input);
    if (length !== 4)
      throw damaged(`${describeNode(this.node)} has an input of ${length} axes, not 4; the file is damaged`);
    if (input.channelsLast === this.imagesChannelsLast) return input;
    return this.imagesChannelsLast ? this.toImage(input.tensor) : this.plain(input);
  }

  /** The same values in TensorFlow's own order of axes. */
  plain(input: Computed): Computed {
    if (!input.channelsLast) return input;
    return computed(this.add('Transpose', [input.tensor], { perm: TO_NHWC }, 'nhwc'), false);
  }

  /** A tensor of N×H×W×C as an image of the graph. */
  toImage(tensor: string): Computed {
    return computed(this.add('Transpose', [tensor], { perm: TO_NCHW }, 'nchw'), true);
  }

  /** A known input as a constant of the graph. */
  constant({ value, name, tensor }: Known, { axes = 0, perm, shape: resize }: Layout = {}): string {
    const widened = [...new Array<number>(Math.max(0, axes - value.shape.length)).fill(1), ...value.shape];
    const laid = perm ? perm.map((axis) => widened[axis]!) : widened;
    const shape = resize?.(laid) ?? laid;
    const source = tensor ?? value;
    const existing = this.state.constants.get(source) ?? new Map<string, string>();
    this.state.constants.set(source, existing);
    const key = `${perm?.join(',') ?? ''}|${shape.join(',')}`;
    let constant = existing.get(key);
    if (constant === undefined) {
      const stored = widest(tensor ?? toTensor(value));
      if (!stored || (stored.dtype !== 'float32' && numbers(stored).some(hasBatch)))
        throw new Unsupported('it needs the batch size as a number');
      constant = this.state.draft.constant(name, laidOut({ stored, widened, shape }, perm));
      existing.set(key, constant);
    }
    return constant;
  }

  /** An input that the operator takes as its weights, with `axes` axes; those before them are of size 1. */
  weight(index: number, axes: number, layout: Layout = {}): string {
    const input = this.input(index);
    if (input.kind === 'known') {
      const spare = input.value.shape.length - axes;
      if (spare < 0 || input.value.shape.slice(0, spare).some((size) => size !== 1))
        throw damaged(
          `${describeNode(this.node)} has weights of ${input.value.shape.length} axes; ${axes} were expected; the file is damaged`,
        );
      const { perm, shape = (sizes: readonly number[]) => sizes } = layout;
      const ones = Array.from({ length: spare }, (_, axis) => axis);
      const whole = perm && [...ones, ...perm.map((axis) => axis + spare)];
      return this.constant(input, { perm: whole, shape: (sizes) => shape(sizes.slice(spare)) });
    }
    const from = this.plain(this.materialise(input));
    const { perm, shape } = layout;
    const turned = perm ? this.add('Transpose', [from.tensor], { perm }, 'weights') : from.tensor;
    if (!shape) return turned;
    return this.add('Reshape', [turned, this.ints(shape(this.shape(computed(turned, false))))], {}, 'weights');
  }
}

/** Sizes for a `Reshape` to this shape: the batch is the input's own. */
export const target = (shape: Shape): number[] => shape.map((size, axis) => (axis === 0 && size === BATCH ? 0 : size));

/** Whole numbers of 64 bits: what the graph computes is of no others, and does not mix them. */
function widest(tensor: Tensor | undefined): Tensor | undefined {
  return tensor?.dtype === 'int32' ? int64(numbers(tensor), tensor.shape) : tensor;
}

function laidOut(
  { stored, widened, shape }: { stored: Tensor; widened: readonly number[]; shape: readonly number[] },
  perm: readonly number[] | undefined,
): Tensor {
  if (String(shape) === String(stored.shape) && (!perm || isOrdered(perm, widened))) return stored;
  if (stored.dtype !== 'float32') {
    if (perm && !isOrdered(perm, widened)) throw new Unsupported('weights that are no floats');
    return { ...stored, data: stored.data, shape };
  }
  const floats = () => stored.data as Float32Array;
  return lazily(shape, () => (perm ? transposeFloats(floats(), widened, perm) : floats()));
}

/** Whether an order of axes moves nothing but axes of size 1. */
function isOrdered(perm: readonly number[], shape: readonly number[]): boolean {
  const moved = perm.filter((axis) => shape[axis] !== 1);
  return moved.every((axis, i) => i === 0 || axis > moved[i - 1]!);
}
