import { usageError } from '../errors.ts';
import type { Parametrisation } from '../optimization/parametrisations/parametrisation.ts';
import { resample } from '../optimization/resample.ts';
import type { Session } from '../session.ts';
import { oneOf } from '../visualizers/parameters.ts';
import type { InputImage } from '../visualizers/visualizer.ts';
import { frameOf, pictureOf } from './frame.ts';
import type { Frame } from './recipe.ts';

/** Where a picture begins. */
export type Start = 'noise' | 'zero' | 'mean' | 'image';

const HELP = {
  noise: 'noise',
  zero: 'zero in what is optimised (an even grey, or the mean colour)',
  mean: 'the mean colour of the network’s pictures',
  image: 'the image that is given',
};

/** The parameter that says where to begin; the first is the default. */
export const startParameter = (first: Start) =>
  oneOf<Start>(
    [first, ...(Object.keys(HELP) as Start[]).filter((one) => one !== first)],
    `Where it begins: ${Object.values(HELP).join(', ')}.`,
  );

/** Zero, the mean colour everywhere, or the image, as parameters. */
export function startFrom(
  start: Exclude<Start, 'noise'>,
  parametrisation: Parametrisation,
  frame: Frame,
): Float32Array {
  if (start === 'zero') return new Float32Array(parametrisation.size);
  const { centre, area, image } = frame;
  if (start === 'image') return parametrisation.of(image!.slice());
  return parametrisation.of(Float32Array.from(centre.flatMap((value) => Array<number>(area).fill(value))));
}

/** Normal noise of standard deviation `sd` in the parameters. */
export const noise = (size: number, sd: number, { normal }: { normal(): number }): Float32Array =>
  new Float32Array(size).map(() => sd * normal());

/** The image to begin with, as it is prepared for the network, at the frame's size: C×h×w, 0..1. Throws a usage error without one. */
export function startImage(session: Session, image: InputImage | undefined, frame: Frame): Float32Array {
  if (!image) throw usageError('start=image needs an image to begin with: give --image FILE.');
  const own = frameOf(session, image.input);
  return resample(pictureOf(session, image.tensor, own), own.size, frame.size);
}
