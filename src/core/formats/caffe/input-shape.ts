import type { CaffeLayer } from './net.ts';

type Blobs = (layer: CaffeLayer) => CaffeLayer['blobs'];

/** The first layer with a kernel that an input comes to, through layers that change no channels. */
export function firstLearner(layers: readonly CaffeLayer[], input: string): CaffeLayer | undefined {
  let blobs = [input];
  for (const layer of layers) {
    if (!layer.bottoms.some((bottom) => blobs.includes(bottom))) continue;
    if (layer.type === 'Convolution' || layer.type === 'InnerProduct') return layer;
    if (!KEEP_CHANNELS.has(layer.type)) return undefined;
    blobs = [...blobs, ...layer.tops];
  }
  return undefined;
}

const KEEP_CHANNELS: ReadonlySet<string> = new Set(['Split', 'Power', 'Scale', 'Bias', 'BatchNorm', 'MVN', 'LRN']);

/**
 * The shape of what a layer that reads data makes, with a batch of one; empty where the network's files do not say it.
 * `learner`: the first layer that learns from it; `blobs`: learned values.
 */
export function dataShape(data: CaffeLayer, top: number, learner: CaffeLayer | undefined, blobs: Blobs): number[] {
  const { settings } = data;
  if (top > 0 && !settings.has('dummy_data_param')) return [1]; // labels
  const memory = settings.message('memory_data_param');
  if (memory.has('height'))
    return [1, memory.number('channels', 1), memory.number('height', 0), memory.number('width', 0)];
  const dummy = settings.message('dummy_data_param');
  const shapes = dummy.messages('shape');
  if (shapes.length > 0) return (shapes[top] ?? shapes[0]!).numbers('dim');
  if (dummy.has('height')) {
    const at = (name: string) => dummy.numbers(name)[top] ?? dummy.number(name, 0);
    return ['num', 'channels', 'height', 'width'].map(at);
  }
  const weight = learner && blobs(learner)[0]?.shape;
  const size = pictureSize(data);
  if (size) return [1, channelsOf(data, learner, weight), ...size];
  return learner?.type === 'InnerProduct' && weight ? [1, weight.at(-1)!] : [];
}

/** Height and width of the pictures that a layer cuts out or resizes to. */
function pictureSize({ settings }: CaffeLayer): readonly [number, number] | undefined {
  const transform = settings.message('transform_param');
  const image = settings.message('image_data_param');
  const crop = ['data_param', 'image_data_param', 'window_data_param']
    .map((param) => settings.message(param).number('crop_size', 0))
    .find((size) => size > 0);
  const square = transform.number('crop_size', 0) || (crop ?? 0);
  const height = transform.number('crop_h', square) || image.number('new_height', 0);
  const width = transform.number('crop_w', square) || image.number('new_width', 0);
  return height > 0 && width > 0 ? [height, width] : undefined;
}

function channelsOf(data: CaffeLayer, learner: CaffeLayer | undefined, weight: readonly number[] | undefined): number {
  const group = learner?.settings.message('convolution_param').number('group', 1) ?? 1;
  if (learner?.type === 'Convolution' && weight) return weight[1]! * group;
  const grey =
    data.settings.message('transform_param').flag('force_gray', false) ||
    !data.settings.message('image_data_param').flag('is_color', true);
  return grey ? 1 : 3;
}
