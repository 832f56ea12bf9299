import type { Node, Shape } from '../../graph/graph.ts';
import { axisOf, type ShapeContext } from '../../graph/operator.ts';
import type { DType } from '../../graph/tensor.ts';
import type { Device, TfTensor } from './device.ts';
import { Value, type Layout } from './value.ts';

/** What a kernel sees of its node in a run. */
export interface Run {
  readonly device: Device;
  readonly node: Node;
  /** Its shapes, and the values of any input, as `OPERATORS` takes them. */
  readonly context: ShapeContext;
  /** Undefined for an input that is left out. */
  readonly inputs: readonly (Value | undefined)[];
  /** The outputs' shapes, in ONNX's order. */
  readonly shapes: readonly Shape[];
}

/** One ONNX operator in kernels of TensorFlow.js: the values of its outputs, which are the caller's to dispose of. */
export type Kernel = (run: Run) => readonly Value[];

export type KernelTable = Readonly<Record<string, Kernel>>;

export function input(run: Run, index: number): Value {
  const value = run.inputs[index];
  if (!value) throw new Error(`input ${index} is missing`);
  return value;
}

/** A value of the node's first output's shape. */
export const made = (run: Run, tensor: TfTensor, layout: Layout = 'onnx', dtype: DType = 'float32'): Value =>
  Value.ofDevice(run.device, tensor, run.shapes[0]!, dtype, layout);

/** Where an axis of ONNX's order lies in a layout. */
export const axisIn = (layout: Layout, axis: number, rank: number): number => {
  const positive = axisOf(axis, rank);
  return layout === 'last' ? [0, 3, 1, 2][positive]! : positive;
};

/** A list by axis, in a layout's order. */
export const arranged = <T>(layout: Layout, byAxis: readonly T[]): T[] =>
  layout === 'last' ? [0, 2, 3, 1].map((axis) => byAxis[axis]!) : [...byAxis];

/** The layout in which most of the values that are broadcast against each other are already. */
export function commonLayout(values: readonly Value[], rank: number): Layout {
  if (rank !== 4) return 'onnx';
  const size = (value: Value) => value.shape.reduce((product, length) => product * length, 1);
  const images = values.filter((value) => value.shape.length === 4);
  return images.reduce((largest, value) => (size(value) > size(largest) ? value : largest), images[0]!).layout;
}

/** A value as it is broadcast in a layout. */
export const operand = (value: Value, layout: Layout): TfTensor =>
  layout === 'last' && value.shape.length > 0 ? withAxes(value, 4).get('last') : value.get('onnx');

/** With ones before its axes, so that it has so many. */
export const withAxes = (value: Value, rank: number): Value =>
  value.view([...new Array<number>(Math.max(0, rank - value.shape.length)).fill(1), ...value.shape]);

/** A tensor with fractions times a number. */
export const scaled = ({ device }: Run, tensor: TfTensor, factor: number): TfTensor =>
  factor === 1 ? tensor : device.run('Multiply', { a: tensor, b: device.scalar(factor) });
