import type { Tensor } from '../graph/tensor.ts';
import type { Preprocessing } from '../model.ts';
import type { Picture } from '../results.ts';
import { toByte } from './preprocess.ts';
import { quantile } from './range.ts';

/** The part of the values within which the colours spread. */
const WITHIN = 0.995;

/**
 * What a backward pass sends to an input's colours, as a picture: zero is grey, up is brighter in its colour. The first image of
 * N×C×H×W, C 1 or 3, in the order of the network's channels.
 */
export function signedPicture({ data, shape }: Tensor<'float32'>, { channels: order }: Preprocessing): Picture {
  const [, channels, height, width] = shape as readonly [number, number, number, number];
  const size = width * height;
  const own = data.subarray(0, channels * size);
  const scale = quantile(own.map(Math.abs).sort(), WITHIN) || 1;
  const rgb = new Uint8Array(size * 3);
  for (let colour = 0; colour < 3; colour++) {
    const channel = channels === 1 ? 0 : order === 'BGR' ? 2 - colour : colour;
    for (let i = 0; i < size; i++) rgb[i * 3 + colour] = toByte(0.5 + own[channel * size + i]! / (2 * scale));
  }
  return { width, height, rgb };
}
