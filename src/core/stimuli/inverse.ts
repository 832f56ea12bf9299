import { byFixedBatches } from '../fixed-batch.ts';
import type { Layer } from '../model.ts';
import { Ascent, type Way } from '../optimization/ascent.ts';
import { nearness } from '../optimization/objectives.ts';
import { prune, withInputSize } from '../graph/passes.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import type { Parametrisation } from '../optimization/parametrisations/parametrisation.ts';
import { random, type Random } from '../optimization/random.ts';
import { Viewer } from '../optimization/viewer.ts';
import { fetchTensor } from '../visualizers/layer-output.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { lookAt } from './look.ts';
import { photoIn } from './photo-frame.ts';
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
  /** −distance less penalties, of the last step; none before the first. */
  readonly objective?: number | undefined;
  readonly steps: number;
}

interface Options {
  readonly steps: number;
  readonly frame: Frame;
  way(): Way;
  /** Inverses in different lanes are looked for at the same time. */
  readonly lane?: number | undefined;
  /** The parameters to begin with. */
  start(parametrisation: Parametrisation, random: Random): Float32Array;
}

/**
 * Looks for the picture step by step: yields it as it is before each step, and at last; the next step overwrites it. The layer's output
 * depends on the image alone.
 */
export async function* inverse(
  context: Context,
  layer: Layer,
  { steps, frame, way, start, lane }: Options,
): AsyncGenerator<Inverse> {
  const { session, image, signal, seed } = context;
  const code = await codeOf(context, layer, frame);
  const [first, ...rest] = code.shape;
  const own = code.data.subarray(0, code.data.length / first!);
  const square = own.reduce((sum, value) => sum + value * value, 0);
  const feeds = { target: float32(own, [1, ...rest]), scale: float32(Float32Array.of(1 / (square || 1)), [1]) };
  const chosen = way();
  const ascent = new Ascent({
    ways: [chosen],
    viewer: new Viewer(frame.channels, frame.size, frame.size),
    preprocessing: session.description.input,
    starts: [start(chosen.parametrisation, random(seed))],
    randoms: [random(seed)],
  });
  const look = { objective: nearness(layer.output), input: image.input, size: frame.size, feeds, lane };
  const run = programs(session, lane);
  let objective: number | undefined;
  for (let step = 0; ; step++) {
    await ascent.paint(run);
    ascent.look();
    const { values, gradient } = await lookAt(session, { ...look, pictures: ascent.seen });
    yield { layer, picture: ascent.pictures, input: ascent.seen, distance: -values[0]!, objective, steps: step };
    if (step === steps || signal.aborted) return;
    [objective] = await ascent.climb(gradient, values, run);
  }
}

/** What the layer says of the image, at the frame's size. */
async function codeOf(context: Context, { name, output }: Layer, frame: Frame): Promise<Tensor<'float32'>> {
  const { session, image, signal } = context;
  const { input, feeds } = image;
  const [height, width] = frame.size;
  if (height === input.shape[2] && width === input.shape[3])
    return fetchTensor(session, output, feeds, `Layer '${name}'`, signal);
  const program = () => prune(withInputSize(session.model.graph, input.name, height, width), [output]);
  const given = { [input.name]: await photoIn(context, image, frame) };
  const found = await byFixedBatches(input, 1, given, (some) =>
    session.run(`features(${output},${frame.size})`, program, some),
  );
  return found[output] as Tensor<'float32'>;
}
