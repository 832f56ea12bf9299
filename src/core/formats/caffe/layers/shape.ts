import { BATCH, type Shape } from '../../../graph/graph.ts';
import { type Call, type LayerBuilder, UnknownSetting } from '../call.ts';

const product = (sizes: Shape): number => sizes.reduce((n, size) => n * size, 1);

/** Sizes for a `Reshape`: the batch is the input's own. */
const target = (shape: Shape): number[] => shape.map((size, axis) => (axis === 0 && size === BATCH ? 0 : size));

const reshape = (call: Call, tensor: string, shape: Shape, part = '') =>
  call.add('Reshape', [tensor, call.ints(target(shape))], {}, part);

const flatten: LayerBuilder = (call) => {
  const param = call.param('flatten_param');
  const shape = call.shape();
  const from = call.axis(param.number('axis', 1));
  const to = call.axis(param.number('end_axis', -1));
  if (from === 0 || to < from) throw call.wrong(`axis ${from}, end_axis ${to} of ${shape.length} axes`);
  if (from === 1 && to === shape.length - 1) return [call.add('Flatten', [call.input], { axis: 1 })];
  return [
    reshape(call, call.input, [...shape.slice(0, from), product(shape.slice(from, to + 1)), ...shape.slice(to + 1)]),
  ];
};

/** Some axes get other sizes: 0 for the input's own, −1 for what is left. */
const reshaped: LayerBuilder = (call) => {
  const param = call.param('reshape_param');
  const shape = call.shape();
  const from = call.axis(param.number('axis', 0), shape.length + 1);
  const axes = param.number('num_axes', -1);
  const to = axes === -1 ? shape.length : from + axes;
  if (to < from || to > shape.length) throw call.wrong(`axis ${from}, num_axes ${axes} of ${shape.length} axes`);
  const dims = param.message('shape').numbers('dim');
  const sizes = [
    ...shape.slice(0, from),
    ...dims.map((dim, i) => (dim === 0 ? (shape[from + i] ?? 0) : dim)),
    ...shape.slice(to),
  ];
  // A batch in numbers, or as what is left, is any batch.
  const images = sizes[0] === call.batch || sizes[0] === -1;
  const left = sizes.slice(1).filter((size) => size === -1).length;
  const known = product(sizes.slice(1).filter((size) => size !== -1));
  const whole = product(shape.slice(1));
  if (!images || left > 1 || !(known > 0) || whole % known !== 0 || (left === 0 && known !== whole))
    throw new UnknownSetting(`to [${dims.join(', ')}]`);
  return [reshape(call, call.input, [BATCH, ...sizes.slice(1).map((size) => (size === -1 ? whole / known : size))])];
};

/** Cut to the second bottom's sizes, from `axis` on. */
const crop: LayerBuilder = (call) => {
  const param = call.param('crop_param');
  const shape = call.shape();
  const wanted = call.shape(call.inputs[1] ?? '');
  const from = call.axis(param.number('axis', 2));
  const offsets = param.numbers('offset');
  const axes = shape.map((_, axis) => axis).slice(from);
  if (from === 0) throw new UnknownSetting('of images');
  if (wanted.length !== shape.length || (offsets.length > 1 && offsets.length !== axes.length))
    throw call.wrong(`${offsets.length} offset(s) and a second bottom of ${wanted.length} axes`);
  const starts = axes.map((_, i) => (offsets.length > 1 ? offsets[i]! : (offsets[0] ?? 0)));
  const ends = axes.map((axis, i) => starts[i]! + wanted[axis]!);
  if (axes.some((axis, i) => starts[i]! < 0 || ends[i]! > shape[axis]!))
    throw call.wrong(`an offset ${starts.join(', ')} that leads out of its input`);
  return [call.add('Slice', [call.input, call.ints(starts), call.ints(ends), call.ints(axes)])];
};

const permute: LayerBuilder = (call) => {
  const given = call.param('permute_param').numbers('order');
  const axes = call.shape().map((_, axis) => axis);
  const perm = [...given, ...axes.filter((axis) => !given.includes(axis))];
  if (perm.length !== axes.length || perm.some((axis) => !axes.includes(axis)))
    throw call.wrong(`order ${given.join(', ')} of ${axes.length} axes`);
  if (perm[0] !== 0) throw new UnknownSetting('of images');
  return [call.add('Transpose', [call.input], { perm })];
};

/** Parts between the given points, or of equal size. */
const slice: LayerBuilder = (call) => {
  const param = call.param('slice_param');
  const axis = call.axis(param.number('axis', param.number('slice_dim', 1)));
  if (axis === 0) throw new UnknownSetting('of images');
  const size = call.shape()[axis]!;
  const count = call.layer.tops.length;
  const points = param.numbers('slice_point');
  if (points.length === 0 ? size % count !== 0 : points.length !== count - 1)
    throw call.wrong(`${points.length} slice_point for ${count} tops of ${size} values`);
  const all = [0, ...(points.length > 0 ? points : equal(size, count)), size];
  const parts = all.slice(1).map((end, i) => end - all[i]!);
  if (parts.some((part) => part < 1)) throw call.wrong(`slice_point ${points.join(', ')} of ${size} values`);
  const outputs = parts.map((_, i) => call.draft.unique(i === 0 ? call.name : `${call.name}/${i}`));
  return call.draft.addNode('Split', [call.input, call.ints(parts)], outputs, { axis }, call.name);
};

const equal = (size: number, count: number): number[] =>
  Array.from({ length: count - 1 }, (_, i) => ((i + 1) * size) / count);

/** Channels in groups become groups of channels (Zhang et al. 2018, ShuffleNet, §3.1). */
const shuffleChannel: LayerBuilder = (call) => {
  const [n, channels, h, w] = call.image();
  const group = call.param('shuffle_channel_param').number('group', 1);
  if (!(group > 0 && channels % group === 0)) throw call.wrong(`group ${group} for ${channels} channels`);
  const grouped = reshape(call, call.input, [n, group, channels / group, h, w], 'grouped');
  const turned = call.add('Transpose', [grouped], { perm: [0, 2, 1, 3, 4] }, 'turned');
  return [reshape(call, turned, [n, channels, h, w])];
};

export const SHAPE_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  Flatten: flatten,
  Reshape: reshaped,
  Crop: crop,
  Permute: permute,
  Slice: slice,
  ShuffleChannel: shuffleChannel,
};
