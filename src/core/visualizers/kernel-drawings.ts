import type { Tensor } from '../graph/tensor.ts';

/** Tiles of one size, a tile a filter: tiles × height × width. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
  readonly notes: readonly string[];
}

type Kernels = Tensor<'float32'>;
type Sizes = readonly [number, number, number, number];

/** Kernels with three input channels (O×3×H×W) as colours, height × width × 3 a filter; BGR is turned to RGB. */
export function colourKernels(kernels: Kernels, shown: readonly number[], each: boolean, bgr: boolean): Uint8Array {
  const [, , height, width] = kernels.shape as Sizes;
  const area = height * width;
  const rgb = new Uint8Array(shown.length * area * 3);
  const whole = range(kernels.data);
  shown.forEach((filter, n) => {
    const own = kernels.data.subarray(filter * 3 * area, (filter + 1) * 3 * area);
    const [low, high] = each ? range(own) : whole;
    for (let c = 0; c < 3; c++) {
      const from = (bgr ? 2 - c : c) * area;
      for (let i = 0; i < area; i++)
        rgb[(n * area + i) * 3 + c] = high > low ? Math.round((255 * (own[from + i]! - low)) / (high - low)) : 128;
    }
  });
  return rgb;
}

/** One row per filter: its kernels for the first `inputs` channels side by side, a pixel apart. */
export const kernelRow = (kernels: Kernels, shown: readonly number[], inputs: number): Drawing =>
  sideBySide(kernels, shown, inputs, inputs);

/** The kernels of a filter in a grid that is nearly square; 1×1 kernels become one pixel each, without gaps. */
export const kernelGrid = (kernels: Kernels, shown: readonly number[], inputs: number): Drawing =>
  sideBySide(kernels, shown, inputs, Math.ceil(Math.sqrt(inputs)));

/**
 * The units of a dense layer as maps over the C×H×W that its input is the flattening of; several channels are stacked
 * from top to bottom.
 */
export function inputMaps(
  kernels: Kernels,
  shown: readonly number[],
  [channels, height, width]: readonly [number, number, number],
  order: 'CHW' | 'HWC',
): Drawing {
  const area = height * width;
  const size = channels * area;
  if (area === 1) return kernelGrid(kernels, shown, channels);
  const columns = Math.ceil(Math.sqrt(channels));
  const maps = new Float32Array(shown.length * size);
  shown.forEach((unit, n) => {
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < area; i++)
        maps[n * size + c * area + i] =
          kernels.data[unit * size + (order === 'CHW' ? c * area + i : i * channels + c)]!;
  });
  const drawing = sideBySide(
    { ...kernels, data: maps, shape: [shown.length, channels, height, width] },
    shown.map((_, n) => n),
    channels,
    columns,
  );
  const notes =
    channels > 1
      ? [`Each tile holds ${channels} maps of ${height}×${width}, one for each channel that is flattened.`]
      : [];
  return { ...drawing, notes };
}

function sideBySide(kernels: Kernels, shown: readonly number[], drawn: number, columns: number): Drawing {
  const [, inputs, kernelHeight, kernelWidth] = kernels.shape as Sizes;
  const area = kernelHeight * kernelWidth;
  const gap = area === 1 || drawn === 1 ? 0 : 1;
  const rows = Math.ceil(drawn / columns);
  const width = columns * (kernelWidth + gap) - gap;
  const height = rows * (kernelHeight + gap) - gap;
  const values = new Float32Array(shown.length * width * height);
  const channels = strongest(kernels, shown, drawn);
  shown.forEach((filter, n) =>
    channels.forEach((channel, place) => {
      const top = Math.floor(place / columns) * (kernelHeight + gap);
      const left = (place % columns) * (kernelWidth + gap);
      for (let i = 0; i < area; i++) {
        const y = top + Math.floor(i / kernelWidth);
        values[(n * height + y) * width + left + (i % kernelWidth)] =
          kernels.data[(filter * inputs + channel) * area + i]!;
      }
    }),
  );
  const notes =
    drawn < inputs
      ? [`Drawn are the ${drawn} of ${inputs} input channels with the largest weights, in their order.`]
      : [];
  return { width, height, values, notes };
}

/** The input channels whose weights in the filters shown have the largest norm, in their own order. */
function strongest(kernels: Kernels, shown: readonly number[], count: number): number[] {
  const [, inputs, height, width] = kernels.shape as Sizes;
  const area = height * width;
  const channels = Array.from({ length: inputs }, (_, channel) => channel);
  if (count >= inputs) return channels;
  const norms = channels.map((channel) => {
    let squares = 0;
    for (const filter of shown)
      for (let i = 0; i < area; i++) squares += kernels.data[(filter * inputs + channel) * area + i]! ** 2;
    return squares;
  });
  return channels
    .sort((a, b) => norms[b]! - norms[a]! || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}

function range(values: Float32Array): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
