import { BATCH, type Shape } from '../../../graph/graph.ts';
import { damaged } from '../../failure.ts';
import { target, type Call, type LayerBuilder } from '../call.ts';
import type { KerasTensor } from '../tensor.ts';

/** Whether the values of an image are in the same order in N×C×H×W and in N×H×W×C. */
const sameOrder = ([, c, h, w]: Shape) => c === 1 || (h === 1 && w === 1);

/** Values in Keras' order for a reshape: a transposition only where it changes something. */
const unrolled = (call: Call, input: KerasTensor): string =>
  input.channelsLast && !sameOrder(call.shape(input)) ? call.plain(input).tensor : input.tensor;

/** The layer's values in a new shape of Keras'; a no-op where the graph has that shape already. */
function reshapeTo(call: Call, input: KerasTensor, shape: Shape): KerasTensor {
  const [n, h, w, c] = shape as [number, number, number, number];
  const image = shape.length === 4 && call.shared.channelsLast;
  const asImage = [n, c, h, w];
  if (image && String(asImage) === String(call.shape(input)) && (input.channelsLast || sameOrder(asImage)))
    return { tensor: input.tensor, channelsLast: true };
  const from = unrolled(call, input);
  if (image && sameOrder(asImage))
    return { tensor: call.add('Reshape', [from, call.ints(target(asImage))]), channelsLast: true };
  const tensor = call.add('Reshape', [from, call.ints(target(shape))], {}, image ? 'Reshape' : '');
  return call.toImage(tensor);
}

const reshape: LayerBuilder = (call) => {
  // The operation of Keras 3 says the batch too.
  const { target_shape: given, newshape } = call.layer.settings;
  const sizes: unknown = given ?? (Array.isArray(newshape) ? newshape.slice(1) : undefined);
  if (!Array.isArray(sizes) || !sizes.every((size) => Number.isInteger(size) && (size > 0 || size === -1)))
    throw call.wrong('target_shape', 'a list of sizes');
  const { input } = call;
  const total = call
    .shape(input)
    .slice(1)
    .reduce((a, b) => a * b, 1);
  const known = sizes.reduce((a: number, b: number) => (b === -1 ? a : a * b), 1);
  const shape = [BATCH, ...sizes.map((size: number) => (size === -1 ? total / known : size))];
  return { result: reshapeTo(call, input, shape) };
};

const flatten: LayerBuilder = (call) => {
  const { input } = call;
  if (!call.knows(input)) return { result: { tensor: call.add('Flatten', [input.tensor]), channelsLast: false } };
  const rank = call.shape(input).length;
  if (rank === 2) return { result: input };
  return { result: { tensor: call.add('Flatten', [unrolled(call, input)], { axis: 1 }), channelsLast: false } };
};

/** N×F repeated n times, to N×n×F. */
const repeatVector: LayerBuilder = (call) => {
  const { input } = call;
  const count = call.number('n', 1);
  const shape = call.shape(input);
  if (shape.length !== 2 || !(Number.isInteger(count) && count > 0)) throw call.wrong('n', 'a number of vectors');
  const rows = call.add('Reshape', [input.tensor, call.ints([0, 1, shape[1]!])], {}, 'Row');
  const tensor = call.add('Concat', new Array<string>(count).fill(rows), { axis: 1 });
  return { result: { tensor, channelsLast: false } };
};

const permute: LayerBuilder = (call) => {
  const dims = call.layer.settings.dims;
  if (!Array.isArray(dims)) throw call.wrong('dims', 'a list of axes');
  const from = call.plain(call.input);
  return { result: call.toImage(call.add('Transpose', [from.tensor], { perm: [0, ...dims] }, 'permuted')) };
};

type Sides = readonly [readonly [number, number], readonly [number, number]];

/** [[top, bottom], [left, right]], from any of Keras' forms. */
function sides(call: Call, name: string): Sides {
  const value = call.layer.settings[name] ?? 1;
  const pairs: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const both = pairs.map((side) => (Array.isArray(side) ? side : [side, side]));
  if (
    both.length !== 2 ||
    !both.flat().every((size) => Number.isInteger(size) && size >= 0) ||
    both.flat().length !== 4
  )
    throw call.wrong(name, 'sizes for four sides');
  return both as unknown as Sides;
}

const zeroPadding: LayerBuilder = (call) => {
  const image = call.image();
  const [[top, bottom], [left, right]] = sides(call, 'padding');
  const pads = call.ints([0, 0, top, left, 0, 0, bottom, right]);
  return { result: { ...image, tensor: call.add('Pad', [image.tensor, pads]) } };
};

const cropping: LayerBuilder = (call) => {
  const image = call.image();
  const [[top, bottom], [left, right]] = sides(call, 'cropping');
  const [, , height, width] = call.shape(image) as [number, number, number, number];
  if (top + bottom >= height || left + right >= width)
    throw damaged(`layer '${call.name}' cuts all of ${height}×${width} away`);
  const [starts, ends, axes] = [
    [top, left],
    [height - bottom, width - right],
    [2, 3],
  ].map((list) => call.ints(list));
  return { result: { ...image, tensor: call.add('Slice', [image.tensor, starts!, ends!, axes!]) } };
};

const upSampling: LayerBuilder = (call) => {
  const image = call.image();
  const [height, width] = call.pair('size', [2, 2]);
  const mode = call.layer.settings.interpolation ?? 'nearest';
  if (mode !== 'nearest' && mode !== 'bilinear') throw call.wrong('interpolation', "'nearest' or 'bilinear'");
  const attributes: Readonly<Record<string, string>> =
    mode === 'nearest'
      ? { mode, coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
      : { mode: 'linear', coordinate_transformation_mode: 'half_pixel' };
  const scales = call.filled('scales', [1, 1, height, width], [4]);
  return { result: { ...image, tensor: call.add('Resize', [image.tensor, '', scales], attributes) } };
};

/** Layers that do nothing when a trained network is run. */
const nothing: LayerBuilder = (call) => ({ result: call.input });

export const SHAPE_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  Reshape: reshape,
  Flatten: flatten,
  Permute: permute,
  RepeatVector: repeatVector,
  ZeroPadding2D: zeroPadding,
  Cropping2D: cropping,
  UpSampling2D: upSampling,
  StochasticDepth: nothing,
  Identity: nothing,
  Dropout: nothing,
  SpatialDropout2D: nothing,
  AlphaDropout: nothing,
  GaussianDropout: nothing,
  GaussianNoise: nothing,
  ActivityRegularization: nothing,
  RandomFlip: nothing,
  RandomRotation: nothing,
  RandomZoom: nothing,
  RandomTranslation: nothing,
  RandomContrast: nothing,
  RandomBrightness: nothing,
};
