import { Unsupported, type Call, type LayerBuilder } from '../call.ts';

function size(call: Call): readonly [number, number] {
  const [height, width] = ['height', 'width'].map((name) => call.number(name, 0)) as [number, number];
  if (!(Number.isInteger(height) && Number.isInteger(width) && height > 0 && width > 0))
    throw call.wrong(height > 0 ? 'width' : 'height', 'a size');
  return [height, width];
}

/** The float32 with which `from` becomes `to` and no less: the operator cuts off what is beyond a whole number. */
function scaleOf(from: number, to: number): number {
  const scale = Math.fround(to / from);
  return scale * from < to ? Math.fround(scale * (1 + 2 ** -23)) : scale;
}

const MODES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  nearest: { mode: 'nearest', coordinate_transformation_mode: 'half_pixel', nearest_mode: 'round_prefer_ceil' },
  bilinear: { mode: 'linear', coordinate_transformation_mode: 'half_pixel' },
};

const SETTINGS = ['crop_to_aspect_ratio', 'pad_to_aspect_ratio', 'antialias'];

/** Pictures of a size that is given, as TensorFlow makes them. */
const resizing: LayerBuilder = (call) => {
  const image = call.image();
  const mode = call.layer.settings.interpolation ?? 'bilinear';
  const how = typeof mode === 'string' && Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
  const special = SETTINGS.find((name) => call.flag(name, false));
  if (!how || special !== undefined) throw new Unsupported(`Resizing with ${special ?? JSON.stringify(mode)}`);
  const [height, width] = size(call);
  const [, , rows, columns] = call.shape(image) as [number, number, number, number];
  const scales = call.filled('scales', [1, 1, scaleOf(rows, height), scaleOf(columns, width)], [4]);
  return { result: { ...image, tensor: call.add('Resize', [image.tensor, '', scales], how) } };
};

/** The middle of the picture; one that is smaller would be resized, which depends on its aspect ratio. */
const centerCrop: LayerBuilder = (call) => {
  const image = call.image();
  const [height, width] = size(call);
  const [, , rows, columns] = call.shape(image) as [number, number, number, number];
  if (rows < height || columns < width) throw new Unsupported('CenterCrop to a larger size');
  const [top, left] = [Math.floor((rows - height) / 2), Math.floor((columns - width) / 2)];
  const [starts, ends, axes] = [
    [top, left],
    [top + height, left + width],
    [2, 3],
  ].map((list) => call.ints(list));
  return { result: { ...image, tensor: call.add('Slice', [image.tensor, starts!, ends!, axes!]) } };
};

export const RESIZING_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  Resizing: resizing,
  CenterCrop: centerCrop,
};
