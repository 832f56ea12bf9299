import type { BoxesResult, Picture } from '../results.ts';
import { Canvas, textWidth, type Colour, type Point } from './canvas.ts';
import { LINE_HEIGHT } from './glyphs.ts';
import { enlarge } from './paint.ts';

const BOX: Colour = [255, 214, 10];
const DARK: Colour = [0, 0, 0];
/** What is not of the mask is shown at this part of its brightness. */
const DIMMED = 0.4;

/** The picture with what lies outside the mask dimmed, and the boxes with their labels; without a picture, the mask. */
export function drawBoxes({ width, height, mask, boxes, image }: BoxesResult, times: number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < mask.length; i++)
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = (image ? image.rgb[i * 3 + c]! : 255) * (mask[i] ? 1 : DIMMED);
  const large = enlarge({ width, height, rgb }, times);
  const canvas = new Canvas(large.width, large.height, DARK);
  canvas.rgb.set(large.rgb);
  for (const { x0, y0, x1, y1, label } of boxes) {
    const [left, top] = [x0 * times + 1, y0 * times + 1];
    const [right, bottom] = [x1 * times - 1, y1 * times - 1];
    const corners: Point[] = [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
      [left, top],
    ];
    canvas.line(corners, DARK, 4);
    canvas.line(corners, BOX, 2);
    const room = textWidth(label) + 8;
    const x = Math.max(0, Math.min(left, canvas.width - room));
    const y = top > LINE_HEIGHT + 2 ? top - LINE_HEIGHT - 2 : top;
    canvas.fill(Math.round(x), y, Math.round(x + room), y + LINE_HEIGHT + 1, DARK, 0.7);
    canvas.text(label, x + 4, y + LINE_HEIGHT / 2, { colour: BOX });
  }
  return canvas;
}
