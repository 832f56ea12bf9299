import { usageError } from '../errors.ts';
import type { Tensor } from '../graph/tensor.ts';
import { inputToImage } from '../images/preprocess.ts';
import type { ModelInput } from '../model.ts';
import type { Session } from '../session.ts';
import { meanColour, type Frame } from './recipe.ts';

/** The pictures that an input takes, of whatever channels, at its own size. Throws a usage error for one that takes none. */
export function frameOf({ description }: Session, { name, shape }: ModelInput): Frame {
  const [, channels, height, width] = shape;
  if (shape.length !== 4)
    throw usageError(`The input '${name}' takes no picture (height × width), which is what this method draws.`);
  const centre = meanColour(description.input, channels!);
  return { channels: channels!, size: [height!, width!], area: height! * width!, centre };
}

/** The first image of an input (N×C×h×w) as a picture, C×h×w, 0..1. */
export function pictureOf({ description }: Session, input: Tensor<'float32'>, { channels, area }: Frame): Float32Array {
  const picture = new Float32Array(channels * area);
  inputToImage(input.data.subarray(0, picture.length), picture, { channels, area, preprocessing: description.input });
  return picture;
}
