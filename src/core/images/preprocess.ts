import { float32, type Tensor } from '../graph/tensor.ts';
import type { ModelInput, Preprocessing } from '../model.ts';
import type { Picture } from '../results.ts';
import { scale } from '../vectors/vectors.ts';
import { cropCentre, resize } from './resize.ts';

/** How a channel of the network's input is made from a plane of the picture: x = gain · v + offset, v in 0..1. */
export interface ChannelMap {
  /** 0 red, 1 green, 2 blue; of a grey picture always 0. */
  readonly plane: number;
  readonly gain: number;
  readonly offset: number;
}

/** The maps of each of the input's channels. A list of means or deviations that is shorter than that goes round. */
export function channelMaps({ channels, scale, mean, std }: Preprocessing, count: number): ChannelMap[] {
  return Array.from({ length: count }, (_, c) => {
    const deviation = std[c % std.length] ?? 1;
    const plane = channels === 'BGR' && count === 3 ? 2 - c : c;
    return { plane, gain: (255 * scale) / deviation, offset: -(mean[c % mean.length] ?? 0) / deviation };
  });
}

/** Luma (ITU-R 601-2), as Pillow's `convert('L')` rounds it, in all three planes. */
function greyed({ width, height, rgb }: Picture): Picture {
  const grey = new Uint8Array(rgb.length);
  for (let i = 0; i < rgb.length; i += 3)
    grey.fill((rgb[i]! * 19595 + rgb[i + 1]! * 38470 + rgb[i + 2]! * 7471 + 0x8000) >> 16, i, i + 3);
  return { width, height, rgb: grey };
}

/**
 * The picture as the network takes it, 1×C×H×W in its own units: greyed where it takes grey, squashed to its size or cut to
 * its proportions about the centre first, then (pixel · scale − mean) / std.
 */
export function toInput(picture: Picture, { shape }: ModelInput, preprocessing: Preprocessing): Tensor<'float32'> {
  const [, channels, height, width] = shape as readonly [number, number, number, number];
  const coloured = channels === 1 || preprocessing.channels === 'grey' ? greyed(picture) : picture;
  const cut = preprocessing.resize === 'crop' ? cropCentre(coloured, width, height) : coloured;
  const { rgb } = resize(cut, width, height);
  const area = width * height;
  const data = new Float32Array(channels * area);
  channelMaps(preprocessing, channels).forEach(({ plane, gain, offset }, c) => {
    for (let i = 0; i < area; i++) data[c * area + i] = (rgb[i * 3 + plane]! / 255) * gain + offset;
  });
  return float32(data, [1, channels, height, width]);
}

/** The inverse of `toInput` but for its loss: the picture that an input (N×C×H×W, C 1 or 3) shows, clipped to bytes. */
export function toPicture(tensor: Tensor<'float32'>, preprocessing: Preprocessing, index = 0): Picture {
  const [, channels, height, width] = tensor.shape as readonly [number, number, number, number];
  const area = width * height;
  const rgb = new Uint8Array(area * 3);
  const maps = channelMaps(preprocessing, channels);
  const start = index * channels * area;
  for (let plane = 0; plane < 3; plane++) {
    const c = Math.max(
      0,
      maps.findIndex((map) => map.plane === plane),
    );
    const { gain, offset } = maps[c]!;
    for (let i = 0; i < area; i++) rgb[i * 3 + plane] = toByte((tensor.data[start + c * area + i]! - offset) / gain);
  }
  return { width, height, rgb };
}

/** 0..1 to 0..255; what is no number is black. */
export const toByte = (value: number): number => Math.round(255 * Math.min(1, Math.max(0, value || 0)));

/**
 * Images with values 0..1 (N×C×area; C is 3 for red, green, blue, or 1 for grey) in the network's units, into `input` of the
 * same size. Linear but for an offset; `imageGradient` is its adjoint.
 */
export function imageToInput(
  image: Float32Array,
  input: Float32Array,
  { channels, area, preprocessing }: Planes,
): void {
  const maps = channelMaps(preprocessing, channels);
  for (let start = 0; start < image.length; start += channels * area)
    for (const [c, { plane, gain, offset }] of maps.entries())
      scale(planeOf(image, start, plane, area), planeOf(input, start, c, area), gain, offset);
}

/** The inverse of `imageToInput`: what an input shows, with values 0..1 where it is a picture. */
export function inputToImage(
  input: Float32Array,
  image: Float32Array,
  { channels, area, preprocessing }: Planes,
): void {
  const maps = channelMaps(preprocessing, channels);
  for (let start = 0; start < input.length; start += channels * area)
    for (const [c, { plane, gain, offset }] of maps.entries())
      scale(planeOf(input, start, c, area), planeOf(image, start, plane, area), 1 / gain, -offset / gain);
}

/** From the gradient with respect to the network's input to that with respect to the image of `imageToInput`. */
export function imageGradient(
  gradient: Float32Array,
  image: Float32Array,
  { channels, area, preprocessing }: Planes,
): void {
  const maps = channelMaps(preprocessing, channels);
  for (let start = 0; start < gradient.length; start += channels * area)
    for (const [c, { plane, gain }] of maps.entries())
      scale(planeOf(gradient, start, c, area), planeOf(image, start, plane, area), gain);
}

export interface Planes {
  readonly channels: number;
  /** height · width */
  readonly area: number;
  readonly preprocessing: Preprocessing;
}

const planeOf = (all: Float32Array, start: number, plane: number, area: number) =>
  all.subarray(start + plane * area, start + (plane + 1) * area);
