import { type LayerBuilder, UnknownSetting } from '../call.ts';
import { FLOAT } from './activations.ts';

/** The index of the largest value along an axis (with `out_max_val`, that value); the axis stays, with one value. */
const argMax: LayerBuilder = (call) => {
  const param = call.param('argmax_param');
  if (!param.has('axis') || param.number('top_k', 1) !== 1) throw new UnknownSetting('of several, or without an axis');
  const axis = call.axis(param.number('axis', 1));
  if (axis === 0) throw new UnknownSetting('of images');
  if (param.flag('out_max_val', false))
    return [call.add('ReduceMax', [call.input, call.ints([axis])], { keepdims: 1 })];
  return [call.add('Cast', [call.add('ArgMax', [call.input], { axis, keepdims: 1 }, 'index')], { to: FLOAT })];
};

/** Over `axis` and all axes behind it. */
const reduction: LayerBuilder = (call) => {
  const param = call.param('reduction_param');
  const operation = param.text('operation', 'SUM');
  const from = call.axis(param.number('axis', 0));
  if (from === 0) throw new UnknownSetting('over images');
  const axes = call
    .shape()
    .map((_, axis) => axis)
    .slice(from);
  const coefficient = param.number('coeff', 1);
  let x = call.input;
  if (operation === 'ASUM') x = call.add('Abs', [x], {}, 'magnitude');
  else if (operation === 'SUMSQ') x = call.add('Mul', [x, x], {}, 'squares');
  else if (operation !== 'SUM' && operation !== 'MEAN') throw new UnknownSetting(operation);
  const op = operation === 'MEAN' ? 'ReduceMean' : 'ReduceSum';
  const sum = call.add(op, [x, call.ints(axes)], { keepdims: 0 }, coefficient === 1 ? '' : 'sum');
  return [coefficient === 1 ? sum : call.add('Mul', [sum, call.scalar(coefficient)])];
};

/** Bilinear, corners on corners (Chen et al., DeepLab: `interp_layer.cpp`). */
const interp: LayerBuilder = (call) => {
  const param = call.param('interp_param');
  const [, , ...sizes] = call.image();
  if (param.number('pad_beg', 0) !== 0 || param.number('pad_end', 0) !== 0) throw new UnknownSetting('with padding');
  const shrink = param.number('shrink_factor', 1);
  const zoom = param.number('zoom_factor', 1);
  if (shrink < 1 || zoom < 1) throw call.wrong(`shrink_factor ${shrink}, zoom_factor ${zoom}`);
  const given = [param.number('height', 0), param.number('width', 0)];
  const out = sizes.map((size, i) => {
    if (param.has('height') && param.has('width')) return given[i]!;
    const small = Math.floor((size - 1) / shrink) + 1;
    return small + (small - 1) * (zoom - 1);
  });
  if (out.some((size) => size < 1)) throw call.wrong(`height and width ${out.join('×')}`);
  // Which size a scale gives is found by rounding down.
  const scales = [1, 1, ...out.map((size, i) => (size === sizes[i] ? 1 : (size + 0.25) / sizes[i]!))];
  const wanted = call.draft.floats(`${call.name}/scales`, scales, [4]);
  const attributes = { mode: 'linear', coordinate_transformation_mode: 'align_corners' };
  return [call.add('Resize', [call.input, '', wanted], attributes)];
};

export const REDUCTION_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  ArgMax: argMax,
  Reduction: reduction,
  Interp: interp,
};
