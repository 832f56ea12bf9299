import { blurred } from '../images/blur.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { asMaps } from './reduce.ts';

/** A picture without what the real one shows. */
export type Baseline = 'zero' | 'mean' | 'blur' | number;

/** The blur's standard deviation, as a part of the picture's shorter side: nothing but large patches of colour is left. */
const BLUR = 1 / 10;

/**
 * What an image is set against, for all images of the context, in the shape of the input: a number or zero in the network's own
 * units; the mean image (`meanInput`); or the image itself, blurred.
 */
export function baselineOf(context: Context, baseline: Baseline): Float32Array {
  const { data, shape } = context.image.tensor;
  if (baseline === 'mean') return meanInput(context);
  if (baseline !== 'blur') return new Float32Array(data.length).fill(baseline === 'zero' ? 0 : baseline);
  const [, , height, width] = asMaps(shape);
  return blurred(data, width, height, BLUR * (height === 1 ? width : Math.min(width, height)));
}

/**
 * The mean image x̄ in the network's units: what the preparation of its input takes for the mean, which makes it zero. Where no
 * mean is subtracted there: each image's own mean by channel.
 */
function meanInput({ session, image }: Context): Float32Array {
  const { data, shape } = image.tensor;
  const mean = new Float32Array(data.length);
  if (session.description.input.mean.some((value) => value !== 0)) return mean;
  const [, , height, width] = asMaps(shape);
  const area = height * width;
  for (let from = 0; from < data.length; from += area) {
    let sum = 0;
    for (let i = from; i < from + area; i++) sum += data[i]!;
    mean.fill(sum / area, from, from + area);
  }
  return mean;
}
