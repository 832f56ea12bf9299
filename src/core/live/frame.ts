import { answersOf, answerTensors, classCount, classOutput, topClasses } from '../classes.ts';
import { checkCancelled, usageError } from '../errors.ts';
import { prune } from '../graph/passes.ts';
import { showShape } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { loadInput } from '../inputs.ts';
import { checkRunnable, findLayer } from '../layers.ts';
import type { ImageSource } from '../request.ts';
import type { Session } from '../session.ts';
import type { Prediction } from '../summaries.ts';

/** What a layer answers to one frame: small enough to be sent many times a second. */
export interface LiveFrame {
  readonly layer: string;
  readonly units: number;
  readonly width: number;
  readonly height: number;
  /** units × height × width: each channel from its smallest (or zero, where that is above) to its largest value, 0 to 255. */
  readonly tiles: Uint8Array;
  /** By channel: its mean, smallest and largest value. */
  readonly means: Float32Array;
  readonly lows: Float32Array;
  readonly highs: Float32Array;
  /** None where the network is no classifier. */
  readonly top: readonly Prediction[];
  /** Of preparing the frame and of the forward pass. */
  readonly milliseconds: number;
}

const TOP = 5;

/**
 * One forward pass on a frame: a layer after its activation function, and the classes, both from the same pass (DeepVis, Yosinski
 * et al. 2015, §2). Throws a usage error for a layer that has no maps or can't be run.
 */
export async function liveFrame(
  session: Session,
  layerName: string,
  source: ImageSource,
  signal: AbortSignal,
): Promise<LiveFrame> {
  const layer = findLayer(session, layerName);
  checkRunnable(session, layer.after, `Layer '${layer.name}'`);
  const started = performance.now();
  const { feeds } = await loadInput(session, source);
  const output = classOutput(session);
  const classifies = session.shapes.has(output) && classCount(session, output) !== undefined;
  const wanted = [...new Set([layer.after, ...(classifies ? answerTensors(session, output) : [])])];
  const made = wanted.filter((name) => !feeds[name]);
  checkCancelled(signal);
  const found = made.length ? await session.run(`live(${made})`, () => prune(session.model.graph, made), feeds) : {};
  checkCancelled(signal);
  const values: Record<string, Tensor> = { ...feeds, ...found };
  const answers = classifies ? answersOf(session, output, values) : [];
  return {
    layer: layer.name,
    ...tilesOf(values[layer.after] as Tensor<'float32'>, layer.name),
    top: answers[0] ? topClasses(answers[0], session.description.labels, TOP) : [],
    milliseconds: performance.now() - started,
  };
}

function tilesOf({ data, shape }: Tensor<'float32'>, name: string) {
  const [, units, height = 1, width = 1, ...more] = shape;
  if (units === undefined || more.length > 0)
    throw usageError(`The output of '${name}' is ${showShape(shape)}, which is not shown as maps.`);
  const area = height * width;
  const tiles = new Uint8Array(units * area);
  const [means, lows, highs] = [new Float32Array(units), new Float32Array(units), new Float32Array(units)];
  for (let unit = 0; unit < units; unit++) {
    const from = unit * area;
    let [low, high, sum] = [0, -Infinity, 0];
    for (let i = from; i < from + area; i++) {
      const value = data[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
      sum += value;
    }
    const scale = high > low ? 255 / (high - low) : 0;
    for (let i = from; i < from + area; i++) tiles[i] = (data[i]! - low) * scale + 0.5;
    means[unit] = sum / area;
    lows[unit] = low;
    highs[unit] = high;
  }
  return { units, width, height, tiles, means, lows, highs };
}
