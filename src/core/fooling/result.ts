import { labelOf } from '../classes.ts';
import { float32 } from '../graph/tensor.ts';
import { imageToInput } from '../images/preprocess.ts';
import type { History, ImagesResult } from '../results.ts';
import type { Session } from '../session.ts';
import { drawnAll, drawnNotes } from '../stimuli/draw.ts';
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

interface Found {
  readonly foolings: readonly Fooling[];
  /** The confidence of each. */
  readonly history: History;
  /** Generations, or steps. */
  readonly steps: number;
  readonly notes: readonly string[];
}

export function foolingResult(
  session: Session,
  frame: Frame,
  { foolings, history, steps, notes }: Found,
): ImagesResult {
  const { channels, area, size } = frame;
  const count = foolings.length;
  const length = channels * area;
  const image = new Float32Array(count * length);
  foolings.forEach(({ picture }, n) => {
    const own = image.subarray(n * length, (n + 1) * length);
    imageToInput(picture, own, { channels, area, preprocessing: session.description.input });
  });
  // What grows, and the class's answer to the picture as it is, as other recipes call them.
  const confidence = foolings.map((one) => one.confidence);
  return {
    kind: 'images',
    title: 'Pictures that fool the network',
    tiles: foolings.map(({ index, confidence: own }, n) =>
      tile(index, `${labelOf(session.description.labels, index)} · ${percent(own)}`, image, n * length, length),
    ),
    ...drawnAll(
      foolings.map(({ picture }) => picture),
      frame,
    ),
    arrays: { image: float32(image, [count, channels, ...size]) },
    metrics: { confidence, objective: confidence, activation: confidence, steps },
    notes: [...notes, ...drawnNotes(frame)],
    history,
  };
}

/** Never rounded up to certainty: 99.99 % is not 100 %. */
function percent(share: number): string {
  const hundredths = Math.floor(1e4 * share) / 100;
  return share > 0 && hundredths === 0 ? '< 0.01 %' : `${hundredths} %`;
}
