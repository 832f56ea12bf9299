import type { Layer } from '../model.ts';
import { Ascent, type Way } from '../optimization/ascent.ts';
import { nearness } from '../optimization/objectives.ts';
import { float32 } from '../graph/tensor.ts';
import { random } from '../optimization/random.ts';
import { Viewer } from '../optimization/transforms.ts';
import { fetchTensor } from '../visualizers/layer-output.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { lookAt } from './look.ts';
import { programs } from './programs.ts';
import type { Frame } from './recipe.ts';

/** A picture whose code in a layer is to be that of an image. */
export interface Inverse {
  readonly layer: Layer;
  /** C×h×w, 0..1. */
  readonly picture: Float32Array;
  /** C×h×w in the network's units. */
  readonly input: Float32Array;
  /** ‖φ(x) − φ₀‖² / ‖φ₀‖² of the picture as it is. */
  readonly distance: number;
  readonly steps: number;
}

interface Options {
  readonly steps: number;
  readonly frame: Frame;
  way(): Way;
  /** Standard deviation of the noise at the start, in byte levels. */
  readonly noise: number;
}

/** Looks for the picture step by step: yields it as it is before each step, and at last. The layer's output depends on the image alone. */
export async function* inverse(
  context: Context,
  layer: Layer,
  { steps, frame, way, noise }: Options,
): AsyncGenerator<Inverse> {
  const { session, image, signal, seed } = context;
  const code = await fetchTensor(session, layer.output, image.feeds, `Layer '${layer.name}'`, signal);
  const [first, ...rest] = code.shape;
  const own = code.data.subarray(0, code.data.length / first!);
  const square = own.reduce((sum, value) => sum + value * value, 0);
  const feeds = { target: float32(own, [1, ...rest]), scale: float32(Float32Array.of(1 / (square || 1)), [1]) };
  const chosen = way();
  const { normal } = random(seed);
  const ascent = new Ascent({
    ways: [chosen],
    viewer: new Viewer(frame.channels, frame.size, frame.size),
    preprocessing: session.description.input,
    starts: [new Float32Array(chosen.parametrisation.size).map(() => noise * normal())],
    randoms: [random(seed)],
  });
  const look = { objective: nearness(layer.output), input: image.input, size: frame.size, feeds };
  const run = programs(session);
  for (let step = 0; ; step++) {
    await ascent.paint(run);
    ascent.look();
    const { values, gradient } = await lookAt(session, { ...look, pictures: ascent.seen });
    yield { layer, picture: ascent.pictures.slice(), input: ascent.seen.slice(), distance: -values[0]!, steps: step };
    if (step === steps || signal.aborted) return;
    await ascent.climb(gradient, values, run);
  }
}
