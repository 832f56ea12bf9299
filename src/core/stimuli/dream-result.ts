import { float32 } from '../graph/tensor.ts';
import { imageToInput } from '../images/preprocess.ts';
import type { ImagesResult } from '../results.ts';
import { tile } from '../visualizers/tiles.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { drawnAll, drawnNotes } from './draw.ts';
import { historyOf } from './history.ts';
import type { Frame } from './recipe.ts';

interface Measured {
  /** By frame and step. */
  readonly energies: readonly (readonly number[])[];
  /** Of finished frames as they are. */
  readonly activation?: readonly number[];
  /** Only so many, the last ones; default all. */
  readonly last?: number;
}

/** Frames of a dream (C×h×w each, 0..1) as a result. */
export function dreamtResult(
  { session, layer, image }: Pick<Context, 'session' | 'layer' | 'image'>,
  frame: Frame,
  dreamt: readonly Float32Array[],
  { energies, activation, last = Infinity }: Measured,
): ImagesResult {
  const { channels, area, size } = frame;
  const from = Math.max(0, dreamt.length - last);
  const shown = dreamt.slice(from);
  const length = channels * area;
  const inputs = new Float32Array(shown.length * length);
  const planes = { channels, area, preprocessing: session.description.input };
  shown.forEach((picture, n) => imageToInput(picture, inputs.subarray(n * length, (n + 1) * length), planes));
  const steps = energies.slice(from, dreamt.length);
  return {
    kind: 'images',
    title: `${image.name} as ${layer.name} dreams it`,
    tiles: shown.map((_, n) =>
      tile(from + n, dreamt.length > 1 ? `frame ${from + n + 1}` : layer.name, inputs, n * length, length),
    ),
    ...drawnAll(shown, frame),
    arrays: { image: float32(inputs, [shown.length, channels, ...size]) },
    metrics: {
      objective: steps.map((ofFrame) => ofFrame.at(-1)!),
      ...(activation && { activation: activation.slice(from) }),
      steps: Math.max(...energies.map((ofFrame) => ofFrame.length)),
    },
    notes: drawnNotes(frame),
    history: historyOf('objective', steps),
  };
}
