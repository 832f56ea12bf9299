import { usageError } from '../errors.ts';
import { fetchTensor } from '../visualizers/layer-output.ts';
import type { Context, InputImage } from '../visualizers/visualizer.ts';

/** A direction in a layer's channels. */
export interface Direction {
  /** By channel, of length 1. */
  readonly weights: Float32Array;
  readonly label: string;
  /** What the opposite direction is called. */
  readonly opposite: string;
}

type Asked = Pick<Context, 'session' | 'layer' | 'signal'> & Partial<Pick<Context, 'image' | 'style'>>;

/**
 * From the second image's features to the first one's: the difference of the maps' means by channel, brought to length 1.
 * Throws a usage error where there are no two images, or no difference.
 *
 * @param tensor  the layer's, that the features are read from
 */
export async function directionOf(context: Asked, tensor: string): Promise<Direction> {
  const { image, style, layer } = context;
  if (!image || !style)
    throw usageError(
      'objective=direction needs two images: give --image FILE twice. What the first one’s features have and the second one’s lack is climbed.',
    );
  const [first, second] = [await meansOf(context, image, tensor), await meansOf(context, style, tensor)];
  const difference = first.map((value, c) => value - second[c]!);
  const length = Math.hypot(...difference);
  if (length === 0) throw usageError(`${layer.name} tells nothing between ${image.name} and ${style.name}.`);
  return {
    weights: difference.map((value) => value / length),
    label: `${image.name} − ${style.name}`,
    opposite: `${style.name} − ${image.name}`,
  };
}

/** The mean over the map of each channel, of the first image. */
async function meansOf(
  { session, layer, signal }: Asked,
  { feeds }: InputImage,
  tensor: string,
): Promise<Float32Array> {
  const { data, shape } = await fetchTensor(session, tensor, feeds, `Layer '${layer.name}'`, signal);
  const [, channels, ...map] = shape as [number, number, ...number[]];
  const area = map.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = c * area; i < (c + 1) * area; i++) sum += data[i]!;
    return sum / area;
  });
}
