import { colourKernels } from './visualizers/kernel-drawings.ts';
import { kernelNode, kernelsOf } from './visualizers/kernels.ts';
import { areaAverage } from './area-average.ts';
import { checkCancelled } from './errors.ts';
import { asFed } from './fixed-batch.ts';
import { imagesFirst } from './graph/graph.ts';
import { prune } from './graph/passes.ts';
import { elements, type Tensor } from './graph/tensor.ts';
import { loadInput } from './inputs.ts';
import type { Layer } from './model.ts';
import type { ImageSource } from './request.ts';
import type { Session } from './session.ts';
import type { LayerPreview } from './summaries.ts';
import type { InputImage } from './visualizers/visualizer.ts';

/** Channels of a layer that are shown, and their largest width and height. */
const CHANNELS = 4;
const SIZE = 64;

/** Values fetched in one run: more would hold too much memory at once. */
const MOST_VALUES = 24e6;

/**
 * With an image: for every layer with maps, the four channels with the largest norm √Σa², reduced to at most
 * 64×64. Without: the first four filters of each convolution. Layers without a picture are left out.
 */
export async function previews(
  session: Session,
  source: ImageSource | undefined,
  signal: AbortSignal,
): Promise<LayerPreview[]> {
  if (!source) return session.model.layers.flatMap((layer) => filterPreview(session, layer) ?? []);
  const image = await loadInput(session, source);
  const found: LayerPreview[] = [];
  for (const layers of inParts(session, layersWithMaps(session))) {
    checkCancelled(signal);
    const fetched = [...new Set(layers.map(({ output }) => output))].filter((tensor) => !image.feeds[tensor]);
    const values: Record<string, Tensor> = { ...image.feeds };
    if (fetched.length > 0)
      Object.assign(
        values,
        await asFed(session.model.inputs, image.feeds, (some) =>
          session.run(`previews(${fetched})`, () => prune(session.model.graph, fetched), some),
        ),
      );
    for (const layer of layers) found.push(layerPreview(layer, values[layer.output] as Tensor<'float32'>, image));
  }
  checkCancelled(signal);
  return found;
}

function layersWithMaps({ model, shapes }: Session): Layer[] {
  return model.layers.filter(({ output }) => {
    const shape = shapes.get(output);
    return shape?.length === 4 && imagesFirst(shape) && shape[2]! * shape[3]! > 1;
  });
}

function inParts({ shapes }: Session, layers: readonly Layer[]): Layer[][] {
  const parts: Layer[][] = [];
  let room = 0;
  for (const layer of layers) {
    const size = elements(shapes.get(layer.output)!.slice(1));
    if (size > room) {
      parts.push([]);
      room = Math.max(MOST_VALUES, size);
    }
    room -= size;
    parts.at(-1)!.push(layer);
  }
  return parts;
}

function layerPreview({ name, output }: Layer, { shape, data }: Tensor<'float32'>, image: InputImage): LayerPreview {
  const [, channels, height, width] = shape as readonly [number, number, number, number];
  const shrink = Math.max(1, Math.max(height, width) / SIZE);
  const small = { width: Math.max(1, Math.round(width / shrink)), height: Math.max(1, Math.round(height / shrink)) };
  const size = [small.height, small.width] as const;
  if (output === image.input.name && image.picture) {
    const { rgb } = image.picture;
    const planes = [0, 1, 2].map((c) =>
      areaAverage(
        rgb.filter((_, i) => i % 3 === c),
        0,
        [height, width],
        size,
      ),
    );
    const tiles = Uint8Array.from({ length: small.width * small.height * 3 }, (_, i) =>
      Math.round(planes[i % 3]![Math.floor(i / 3)]!),
    );
    return { layer: name, ...small, units: [0], tiles, colour: true };
  }
  const area = height * width;
  // By norm, as the panel's mosaics sort: the maximum alone finds channels that only see the picture's border.
  const squares = Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = c * area; i < (c + 1) * area; i++) sum += data[i]! ** 2;
    return sum;
  });
  const units = squares
    .map((_, c) => c)
    .sort((a, b) => squares[b]! - squares[a]! || a - b)
    .slice(0, CHANNELS);
  const tiles = new Uint8Array(units.length * small.width * small.height);
  units.forEach((unit, n) => {
    const map = areaAverage(data, unit * area, [height, width], size);
    tiles.set(toBytes(map), n * small.width * small.height);
  });
  return { layer: name, ...small, units, tiles, colour: false };
}

function toBytes(map: Float32Array): Uint8Array {
  const low = map.reduce((a, b) => Math.min(a, b));
  const high = map.reduce((a, b) => Math.max(a, b));
  return Uint8Array.from(map, (value) => (high > low ? Math.round((255 * (value - low)) / (high - low)) : 0));
}

/** The first filters of a convolution: those that see colours as such, of others the strongest of their kernels. */
function filterPreview(session: Session, layer: Layer): LayerPreview | undefined {
  if (session.model.graph.constants.get(layer.weights[0] ?? '')?.shape.length !== 4) return undefined;
  if (!kernelNode(session.model, layer)) return undefined;
  const { weights, seesInput } = kernelsOf(session, layer);
  const [count, inputs, height, width] = weights.shape as readonly [number, number, number, number];
  if (height * width === 1 || Math.max(height, width) > SIZE) return undefined;
  const units = Array.from({ length: Math.min(CHANNELS, count) }, (_, i) => i);
  const common = { layer: layer.name, width, height, units };
  if (seesInput && inputs === 3) {
    const bgr = session.description.input.channels === 'BGR';
    return { ...common, tiles: colourKernels(weights, units, true, bgr), colour: true };
  }
  const tiles = new Uint8Array(units.length * height * width);
  units.forEach((unit, n) => tiles.set(toBytes(strongestKernel(weights, unit)), n * height * width));
  return { ...common, tiles, colour: false };
}

/** Of a filter's kernels, one for each input channel, that with the largest norm. H×W */
function strongestKernel({ shape, data }: Tensor<'float32'>, filter: number): Float32Array {
  const [, inputs, height, width] = shape as readonly [number, number, number, number];
  const kernels = Array.from({ length: inputs }, (_, i) => {
    const from = (filter * inputs + i) * height * width;
    return data.subarray(from, from + height * width);
  });
  const square = (kernel: Float32Array) => kernel.reduce((sum, value) => sum + value * value, 0);
  return kernels.reduce((best, kernel) => (square(kernel) > square(best) ? kernel : best));
}
