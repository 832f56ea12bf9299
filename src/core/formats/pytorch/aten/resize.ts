import { float32 } from '../../../graph/tensor.ts';
import { scaleTo } from '../../onnx/rewrites/resize.ts';
import { gives, type AtenFunction, type AtenTable, type Call } from './call.ts';

/** To the sizes asked for, or by the factors: the size is rounded down. */
function resize(call: Call, attributes: Readonly<Record<string, string>>): string {
  const x = call.optional('self') || call.tensor('input');
  const [, , ...sizes] = call.shape(x);
  const factors = call.factors('scale_factors', call.factors('scales_h', []));
  const wanted = call.has('output_size')
    ? call.numbers('output_size')
    : sizes.map((size, i) => Math.floor(size * (factors[i] ?? call.refuse('no size'))));
  if (wanted.length !== sizes.length) call.refuse('no size for each axis');
  const scales = [1, 1, ...sizes.map((size, i) => scaleTo(size, wanted[i]!))];
  const name = call.draft.constant(`${call.name}/scales`, float32(scales, [scales.length]));
  return call.add('Resize', [x, '', name], attributes);
}

/** The value at or before, as PyTorch takes it. */
const nearest = (call: Call) =>
  resize(call, { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' });

/** Where the factors are given, PyTorch measures by them, not by the sizes: the same for whole factors. */
const smooth = (mode: string) => (call: Call) =>
  resize(call, {
    mode,
    coordinate_transformation_mode: call.flag('align_corners') ? 'align_corners' : 'pytorch_half_pixel',
  });

/** Two overloads: sizes and factors as lists (`vec`), or each factor by itself. */
const both = (align: boolean, write: (call: Call) => string): readonly [AtenFunction, AtenFunction] => {
  const corners = align ? ['align_corners'] : [];
  return [
    gives(['self', 'output_size', ...corners, 'scales_h', 'scales_w'].join(' '), write),
    gives(['input', 'output_size', ...corners, 'scale_factors'].join(' '), write),
  ];
};

const [nearest2d, nearestByList] = both(false, nearest);
const [bilinear2d, bilinearByList] = both(true, smooth('linear'));

export const RESIZE: AtenTable = {
  upsample_nearest2d: nearest2d,
  'upsample_nearest2d.vec': nearestByList,
  upsample_bilinear2d: bilinear2d,
  'upsample_bilinear2d.vec': bilinearByList,
};
