import { asMaps } from '../attribution/reduce.ts';
import type { InputImage } from '../visualizers/visualizer.ts';
import type { Colours } from './graph-cut.ts';

/** The first image's colours: as a person sees it, else its channels, spread over 0 to 1 together. */
export function coloursOf({ picture, tensor }: InputImage): Colours {
  if (picture) {
    const { width, height, rgb } = picture;
    return { width, height, channels: 3, values: Float32Array.from(rgb, (value) => value / 255) };
  }
  const [, channels, height, width] = asMaps(tensor.shape);
  const area = width * height;
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < channels * area; i++)
    [low, high] = [Math.min(low, tensor.data[i]!), Math.max(high, tensor.data[i]!)];
  const values = Float32Array.from({ length: channels * area }, (_, i) => {
    const value = tensor.data[(i % channels) * area + Math.floor(i / channels)]!;
    return (value - low) / (high - low || 1);
  });
  return { width, height, channels, values };
}
