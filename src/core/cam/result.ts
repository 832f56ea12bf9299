import type { Goal } from '../attribution/goal.ts';
import { heatmap, isZero } from '../attribution/heatmap.ts';
import { reduceChannels, type Reduction } from '../attribution/reduce.ts';
import { usageError } from '../errors.ts';
import { showShape } from '../graph/shapes.ts';
import { elements, float32 } from '../graph/tensor.ts';
import type { HeatmapResult } from '../results.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { interpolate, type Interpolation } from './interpolate.ts';
import type { Maps } from './maps.ts';

interface Parts {
  readonly goal: Goal;
  readonly title: string;
  readonly maps: Maps;
  /** N×h×w, of the size of the maps. */
  readonly cam: Float32Array;
  readonly relu: boolean;
  readonly interpolation: Interpolation;
  readonly metrics: HeatmapResult['metrics'];
  /** What the map is multiplied with, in the shape of the input, and how the product's channels become one map. */
  readonly times?: { readonly values: Float32Array; readonly reduce: Reduction };
}

/** Arrays: `cam`, N×h×w; `map`, the same at the input's size; `attribution`, in the shape of the input. With `times`, both of the product. */
export function camResult(context: Context, parts: Parts): HeatmapResult {
  const { goal, title, maps, relu, interpolation, metrics, times } = parts;
  const { shape } = context.image.tensor;
  const [images, channels, height, width] = pictureShape(context);
  const cam = relu ? parts.cam.map((value) => Math.max(0, value)) : parts.cam;
  const [area, small] = [height * width, maps.height * maps.width];
  const map = new Float32Array(images * area);
  const attribution = new Float32Array(elements(shape));
  for (let n = 0; n < images; n++) {
    const own = cam.subarray(n * small, (n + 1) * small);
    const large = interpolate(own, [maps.height, maps.width], [height, width], interpolation);
    map.set(large, n * area);
    for (let c = 0; c < channels; c++) attribution.set(large, (n * channels + c) * area);
  }
  if (times) for (let i = 0; i < attribution.length; i++) attribution[i]! *= times.values[i]!;
  return heatmap({
    context,
    goal,
    title,
    attribution,
    map: times ? reduceChannels(attribution, shape, times.reduce) : float32(map, [images, height, width]),
    signed: times ? times.reduce === 'signed' : !relu,
    arrays: { cam: float32(cam, [images, maps.height, maps.width]) },
    metrics,
    notes: [
      `Made of the ${maps.channels} maps of '${maps.layer}', ${maps.height}×${maps.width} (height × width).`,
      ...(goal.metrics['unit']?.[1] !== undefined && !times ? [PLACE] : []),
      ...(isZero(cam) ? [zeroNote(goal, maps, parts)] : []),
    ],
  });
}

/** Of a unit at one position. */
const PLACE =
  'Whole maps are weighed: it shows where what the unit is made of is found, not which place the unit looks at. ' +
  'Occlusion and guided backprop show that.';

const zeroNote = ({ name }: Goal, { layer }: Maps, { relu, cam }: Parts) =>
  relu && !isZero(cam)
    ? `Nothing in '${layer}' speaks for ${name}: all that is in the map speaks against it (relu off shows it).`
    : `The map is zero everywhere: ${name} does not depend on '${layer}' for this image.`;

/** N×C×H×W. Throws a usage error for an input that is no picture. */
export function pictureShape({ image }: Context): readonly [number, number, number, number] {
  const { shape } = image.tensor;
  if (shape.length === 4) return shape as unknown as readonly [number, number, number, number];
  throw usageError(
    `The input '${image.input.name}' is ${showShape(shape)}, no picture over which maps could be laid: saliency and occlusion explain it.`,
  );
}
