import { usageError } from '../errors.ts';
import { inputToImage } from '../images/preprocess.ts';
import type { ModelInput } from '../model.ts';
import type { Session } from '../session.ts';
import type { InputImage } from '../visualizers/visualizer.ts';
import { meanColour, type Frame } from './recipe.ts';

/** The pictures that an input takes, at its own size. Throws a usage error for one that takes none. */
export function frameOf({ description }: Session, { name, shape }: ModelInput): Frame {
  const [, channels, height, width] = shape;
  if (shape.length !== 4 || (channels !== 1 && channels !== 3))
    throw usageError(`The input '${name}' takes no picture of 1 or 3 channels, which is what this method draws.`);
  const centre = meanColour(description.input, channels);
  return { channels, size: [height!, width!], area: height! * width!, centre };
}

/** The first image as a picture, C×h×w, 0..1. */
export function pictureOf({ description }: Session, { tensor }: InputImage, { channels, area }: Frame): Float32Array {
  const picture = new Float32Array(channels * area);
  inputToImage(tensor.data.subarray(0, picture.length), picture, { channels, area, preprocessing: description.input });
  return picture;
}
