import type { CaffeLayer } from './net.ts';

type Blobs = (layer: CaffeLayer) => CaffeLayer['blobs'];

/**
 * The shape of what a layer that reads data makes, with a batch of one; empty where the network's files do not say it.
 * `taker`: the first layer that takes it; `blobs`: learned values.
 */
export function dataShape(data: CaffeLayer, top: number, taker: CaffeLayer | undefined, blobs: Blobs): number[] {
  const { settings } = data;
  const memory = settings.message('memory_data_param');
  if (top === 0 && memory.has('height'))
    return [1, memory.number('channels', 1), memory.number('height', 0), memory.number('width', 0)];
  const dummy = settings.message('dummy_data_param');
  const shapes = dummy.messages('shape');
  if (shapes.length > 0) return (shapes[top] ?? shapes[0]!).numbers('dim');
  if (dummy.has('height')) {
    const at = (name: string) => dummy.numbers(name)[top] ?? dummy.number(name, 0);
    return ['num', 'channels', 'height', 'width'].map(at);
  }
  const weight = taker && blobs(taker)[0]?.shape;
  const size = pictureSize(data);
  if (size) return [1, channelsOf(data, taker, weight), ...size];
  return taker?.type === 'InnerProduct' && weight ? [1, weight.at(-1)!] : [];
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

function channelsOf(data: CaffeLayer, taker: CaffeLayer | undefined, weight: readonly number[] | undefined): number {
  const group = taker?.settings.message('convolution_param').number('group', 1) ?? 1;
  if (taker?.type === 'Convolution' && weight) return weight[1]! * group;
  const grey =
    data.settings.message('transform_param').flag('force_gray', false) ||
    !data.settings.message('image_data_param').flag('is_color', true);
  return grey ? 1 : 3;
}
