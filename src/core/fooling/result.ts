import { labelOf } from '../classes.ts';
import { float32 } from '../graph/tensor.ts';
import { imageToInput } from '../images/preprocess.ts';
import type { ImagesResult } from '../results.ts';
import type { Session } from '../session.ts';
import { toRgb } from '../stimuli/draw.ts';
import type { Frame } from '../stimuli/recipe.ts';
import { tile } from '../visualizers/tiles.ts';

/** A class's picture. */
export interface Fooling {
  readonly index: number;
  /** Its probability. */
  readonly confidence: number;
  /** C×h×w, 0..1, in steps of a byte: what the file holds is what the network saw. */
  readonly picture: Float32Array;
}

/** @param history  by generation or step: the confidence of each class */
export function foolingResult(
  session: Session,
  { channels, area, size }: Frame,
  foolings: readonly Fooling[],
  history: readonly (readonly number[])[],
): ImagesResult {
  const count = foolings.length;
  const rgb = new Uint8Array(count * area * 3);
  const image = new Float32Array(count * channels * area);
  foolings.forEach(({ picture }, n) => {
    rgb.set(toRgb(picture, area), n * area * 3);
    image.set(picture, n * channels * area);
  });
  imageToInput(image, image, { channels, area, preprocessing: session.description.input });
  const length = channels * area;
  const byClass = foolings.flatMap((_, n) => history.map((confidences) => confidences[n]!));
  return {
    kind: 'images',
    title: 'Pictures that fool the network',
    tiles: foolings.map(({ index, confidence }, n) =>
      tile(index, `${labelOf(session.description.labels, index)} · ${percent(confidence)}`, image, n * length, length),
    ),
    width: size[1],
    height: size[0],
    rgb,
    arrays: {
      image: float32(image, [count, channels, ...size]),
      history: float32(Float32Array.from(byClass), [count, history.length]),
    },
    metrics: {
      confidence: foolings.map(({ confidence }) => confidence),
      // Of all classes together, as a curve.
      history: history.map((confidences) => confidences.reduce((sum, one) => sum + one, 0) / count),
      steps: Math.max(0, history.length - 1),
    },
    notes: [],
  };
}

/** Never rounded up to certainty: 99.99 % is not 100 %. */
function percent(share: number): string {
  const hundredths = Math.floor(1e4 * share) / 100;
  return share > 0 && hundredths === 0 ? '< 0.01 %' : `${hundredths} %`;
}
