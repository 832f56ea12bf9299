import { isNumber, list, type Item } from '../values.ts';
import { damaged } from '../../failure.ts';
import { describeNode, type FileNode } from '../read.ts';
import { knownInput, listOf, textOf, without, type Context, type Rewrite } from './rewrite.ts';

/** `Upsample`, and `Resize` of opset 10: nearest takes the value at or before, without half-pixel centres. */
const OLD = { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' } as const;

export const upsample: Rewrite = (node, context) => {
  const scales = listOf(node, 'scales') ?? knownInput(node, context, 1);
  if (!scales) throw damaged(`${describeNode(node)} has no constant scales; export the model with a fixed size`);
  const mode = textOf(node, 'mode', 'nearest');
  const attributes = { ...OLD, mode: mode === 'bilinear' ? 'linear' : mode };
  return { op: 'Resize', inputs: [node.inputs[0]!, '', scalesOf(node, context, scales)], attributes };
};

/** Scales by axis, all axes, as the only form. */
export const resize: Rewrite = (node, context) => {
  if (context.opset < 11) return upsample(node, context);
  const shape = context.shape(node.inputs[0]!);
  if (!shape) return { op: node.op, inputs: node.inputs, attributes: node.attributes };
  const axes = listOf(node, 'axes')?.map((axis) => (axis < 0 ? axis + shape.length : axis));
  const spread = (given: readonly Item[]) => shape.map((_, axis) => given[axes ? axes.indexOf(axis) : axis]);
  const attributes = without(node, 'axes', 'keep_aspect_ratio_policy');
  const scales = list(context.value(node.inputs[2]));
  const sizes = list(context.value(node.inputs[3]));
  let factors: readonly number[];
  if (scales?.length) factors = spread(scales).map((scale) => (scale !== undefined && isNumber(scale) ? scale : 1));
  else if (sizes?.length)
    factors = spread(sizes).map((size, axis) =>
      size !== undefined && isNumber(size) && axis > 0 ? scaleTo(shape[axis]!, size) : 1,
    );
  else throw damaged(`${describeNode(node)} has no constant scales or sizes; export the model with a fixed size`);
  return { op: 'Resize', inputs: [node.inputs[0]!, '', scalesOf(node, context, factors)], attributes };
};

function scalesOf(node: FileNode, context: Context, scales: readonly number[]): string {
  const items = Float32Array.from(scales);
  return context.constant(`${node.outputs[0]}/scales`, { dtype: 'float32', shape: [scales.length], items });
}

/** The factor that leads to exactly this size when it is multiplied, in single precision or double, and rounded down. */
export function scaleTo(from: number, to: number): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, to / from);
  const reaches = (scale: number) => Math.floor(from * scale) >= to && Math.floor(Math.fround(from * scale)) >= to;
  while (!reaches(bits.getFloat32(0))) bits.setUint32(0, bits.getUint32(0) + 1);
  return bits.getFloat32(0);
}
