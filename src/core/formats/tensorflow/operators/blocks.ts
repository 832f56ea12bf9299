import { BATCH } from '../../../graph/graph.ts';
import { Unsupported, type OpCall } from '../call.ts';
import { scaleTo } from '../../onnx/rewrites/resize.ts';
import { flag, number } from '../node.ts';
import { computed, type Computed } from '../result.ts';
import type { OpTable, OpWriter } from './operator.ts';

const size = (call: OpCall, image: Computed) => call.shape(image) as [number, number, number, number];

/** Resizing to sizes in the second input; which positions are meant is said by two attributes. */
const resize =
  (mode: 'linear' | 'nearest'): OpWriter =>
  (call) => {
    const image = call.image();
    const [, , height, width] = size(call, image);
    const [h, w] = call.numbers(1) as [number, number];
    const corners = flag(call.node, 'align_corners');
    const half = flag(call.node, 'half_pixel_centers');
    const nearest = corners || half ? 'round_prefer_ceil' : 'floor';
    const factors = [1, 1, scaleTo(height, h), scaleTo(width, w)];
    const scales = call.state.draft.floats(`${call.node.name}/scales`, factors, [4]);
    const attributes = {
      mode,
      coordinate_transformation_mode: corners ? 'align_corners' : half ? 'half_pixel' : 'asymmetric',
      ...(mode === 'nearest' && { nearest_mode: nearest }),
    };
    return [computed(call.add('Resize', [image.tensor, '', scales], attributes), true)];
  };

const depthToSpace: OpWriter = (call) => {
  const image = call.image();
  const attributes = { blocksize: number(call.node, 'block_size', 2), mode: 'DCR' };
  return [computed(call.add('DepthToSpace', [image.tensor], attributes), image.channelsLast)];
};

/** Blocks of b×b positions become channels, position after position. */
const spaceToDepth: OpWriter = (call) => {
  const image = call.image();
  const [n, c, h, w] = size(call, image);
  const b = number(call.node, 'block_size', 2);
  if (h % b !== 0 || w % b !== 0) throw new Unsupported(`blocks of ${b}×${b} in ${h}×${w}`);
  const cells = call.add(
    'Reshape',
    [image.tensor, call.ints([n === BATCH ? 0 : n, c, h / b, b, w / b, b])],
    {},
    'cells',
  );
  const turned = call.add('Transpose', [cells], { perm: [0, 3, 5, 1, 2, 4] }, 'turned');
  const sizes = call.ints([n === BATCH ? 0 : n, c * b * b, h / b, w / b]);
  return [computed(call.add('Reshape', [turned, sizes]), image.channelsLast)];
};

const reverse: OpWriter = (call) => {
  const x = call.computed();
  const axes = call.numbers(1).map((axis) => call.axis(axis, x));
  const starts = axes.map(() => -1);
  const ends = axes.map(() => -(2 ** 31));
  const parts = [starts, ends, axes, starts].map((list) => call.ints(list));
  return [computed(call.add('Slice', [x.tensor, ...parts]), x.channelsLast)];
};

export const BLOCK_OPS: OpTable = {
  ResizeBilinear: resize('linear'),
  ResizeNearestNeighbor: resize('nearest'),
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  ReverseV2: reverse,
};
