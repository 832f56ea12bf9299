import { usageError } from '../errors.ts';
import { prune, withInputSize } from '../graph/passes.ts';
import { inferShapes } from '../graph/shapes.ts';
import { elements, float32, type Tensor } from '../graph/tensor.ts';
import { toInput } from '../images/preprocess.ts';
import { pictureSize, type Size } from '../optimization/picture-size.ts';
import { integer } from '../visualizers/parameters.ts';
import type { Context, InputImage } from '../visualizers/visualizer.ts';
import { frameOf } from './frame.ts';
import type { Frame } from './recipe.ts';

/** Bytes that the maps of a step may take: those of the forward pass, their gradients, and as much for what the engine keeps. */
const MOST_MEMORY = 6 * 2 ** 30;
const COPIES = 3;

export const photoSize = integer({
  default: 0,
  min: 0,
  max: 2048,
  unit: 'px',
  label: 'Longer side',
  zero: 'automatic',
  help: 'The longer side, in the photo’s proportions; memory grows with its square. 0: the network’s own input.',
});

/**
 * The frame of an image at the size that is asked for, in its photo's proportions; at 0 the network's own input. Throws a usage error
 * where the layers below the tensors take no other size than their own, and where a step would take too much memory.
 */
export async function photoFrame(
  { session, image }: Context,
  tensors: readonly string[],
  size: number,
): Promise<Frame> {
  const own = frameOf(session, image.input);
  if (size === 0) return own;
  if (!image.photo) throw usageError(`size: ${image.name} is an array of the network's own size. Leave size at 0.`);
  const { width, height } = await image.photo();
  const side = (length: number) => Math.max(1, Math.round((size * length) / Math.max(width, height)));
  const wanted: Size = [side(height), side(width)];
  const { graph } = session.model;
  for (const tensor of tensors) pictureSize({ graph, shapes: session.shapes, input: image.input.name, tensor, wanted });
  const shapes = inferShapes(withInputSize(prune(graph, tensors), image.input.name, ...wanted));
  const floats = [...shapes.values()].reduce((sum, shape) => sum + Math.abs(elements(shape)), 0);
  const memory = 4 * COPIES * floats;
  if (memory > MOST_MEMORY) {
    const fitting = Math.floor(size * Math.sqrt(MOST_MEMORY / memory));
    throw usageError(`size ${size}: a step would take ${(memory / 2 ** 30).toFixed(1)} GB. Up to ${fitting} px fit.`);
  }
  return { ...own, size: wanted, area: wanted[0] * wanted[1] };
}

/** An image in a frame: read anew from its photo, cut to the frame's proportions, where that is not the network's own. */
export async function photoIn(
  { session }: Pick<Context, 'session'>,
  image: InputImage,
  { size, channels }: Frame,
): Promise<Tensor<'float32'>> {
  const [, , height, width] = image.input.shape;
  const shape: [number, number, ...Size] = [1, channels, ...size];
  if (size[0] === height && size[1] === width)
    return float32(image.tensor.data.slice(0, channels * size[0] * size[1]), shape);
  if (!image.photo) throw usageError(`size: ${image.name} is an array of the network's own size. Leave size at 0.`);
  const input = { ...image.input, shape };
  return toInput(await image.photo(), input, { ...session.description.input, resize: 'crop' });
}
