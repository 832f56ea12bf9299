import { nth } from '../vectors/nth.ts';
import type { Frame } from './recipe.ts';

/** A picture (C×area, 0..1; C 1 or 3) as bytes, area×3; what is darker than black or brighter than white is cut. */
export function toRgb(picture: Float32Array, area: number): Uint8Array {
  const grey = picture.length === area;
  const rgb = new Uint8Array(area * 3);
  for (let c = 0; c < 3; c++) {
    const from = grey ? 0 : c * area;
    // As `toByte`, but written out: a picture of 512² is shown several times a second.
    for (let i = 0; i < area; i++) {
      const level = 255 * picture[from + i]! + 0.5;
      rgb[i * 3 + c] = level >= 256 ? 255 : level > 0 ? level : 0;
    }
  }
  return rgb;
}

/** How many pictures one is drawn as: with other channels than grey or red, green and blue, one for each, side by side. */
const panels = (channels: number): number => (channels === 1 || channels === 3 ? 1 : channels);

/** A picture as bytes, height × (panels · width) × 3. */
function drawn(picture: Float32Array, { channels, size: [height, width], area }: Frame): Uint8Array {
  const count = panels(channels);
  if (count === 1) return toRgb(picture, area);
  const rgb = new Uint8Array(count * area * 3);
  for (let c = 0; c < count; c++) {
    const panel = toRgb(picture.subarray(c * area, (c + 1) * area), area);
    for (let y = 0; y < height; y++)
      rgb.set(panel.subarray(y * width * 3, (y + 1) * width * 3), (y * count + c) * width * 3);
  }
  return rgb;
}

/** So many of the differences from the mean colour, out of a hundred, are shown as they are; what is beyond is cut. */
const SHOWN = 99.5;

/** Pictures as a result shows them: one after the other, each `drawn`. */
export function drawnAll(
  pictures: readonly Float32Array[],
  frame: Frame,
): { readonly width: number; readonly height: number; readonly rgb: Uint8Array } {
  const [height, width] = frame.size;
  const size = 3 * frame.area * panels(frame.channels);
  const rgb = new Uint8Array(pictures.length * size);
  pictures.forEach((picture, n) => rgb.set(drawn(picture, frame), n * size));
  return { width: width * panels(frame.channels), height, rgb };
}

/** What is to be said of pictures with other channels than a person sees. */
export const drawnNotes = ({ channels }: Frame): readonly string[] =>
  panels(channels) > 1 ? [`The input’s ${channels} channels stand side by side, each as grey.`] : [];

/** The picture with its differences from the mean colour brought to the ends of the scale. */
export function withFullContrast(picture: Float32Array, { area, centre }: Frame): Float32Array {
  const eachPlane = (work: (middle: number, from: number, to: number) => void) =>
    centre.forEach((middle, c) => work(middle, c * area, (c + 1) * area));
  const differences = new Float32Array(picture.length);
  eachPlane((middle, from, to) => {
    for (let i = from; i < to; i++) differences[i] = Math.abs(picture[i]! - middle);
  });
  const large = nth(differences, Math.floor((SHOWN / 100) * (differences.length - 1)));
  const contrast = large > 0 ? 0.5 / large : 1;
  const stretched = new Float32Array(picture.length);
  eachPlane((middle, from, to) => {
    for (let i = from; i < to; i++) stretched[i] = middle + contrast * (picture[i]! - middle);
  });
  return stretched;
}
