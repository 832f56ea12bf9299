import { colourTable, type ColourMap } from '../../core/images/colour-maps.ts';
import type { LiveFrame } from '../../protocol/worker.ts';
import type { Frame } from './sources.ts';

/** Where tiles lie on the sheet that all are painted on. */
export interface Sheet {
  readonly columns: number;
  /** In values. */
  readonly width: number;
  readonly height: number;
  /** Between tiles, in values. */
  readonly gap: number;
  /** Pixels of the screen a value. */
  readonly scale: number;
}

type Size = Pick<Sheet, 'width' | 'height'>;

/** As many columns as make the tiles largest in the room that there is. */
export function sheetOf({ units, width, height }: Size & { readonly units: number }, room: Size): Sheet {
  let best: Sheet | undefined;
  for (let columns = 1; columns <= units; columns++) {
    const rows = Math.ceil(units / columns);
    // Where tiles shrink, a gap of one value would be lost between some of them.
    const gap = Math.max(1, Math.ceil(Math.max((columns * width) / room.width, (rows * height) / room.height)));
    const size = { width: columns * (width + gap) - gap, height: rows * (height + gap) - gap };
    const scale = Math.min(room.width / size.width, room.height / size.height);
    if (!best || scale > best.scale) best = { columns, gap, ...size, scale };
  }
  return best ?? { columns: 1, gap: 1, width: 1, height: 1, scale: 1 };
}

/** All channels on one canvas, a gap apart: one picture is put on the screen many times a second, not a thousand. */
export function paintSheet(canvas: HTMLCanvasElement, frame: LiveFrame, sheet: Sheet, map: ColourMap): void {
  const image = begin(canvas, sheet.width, sheet.height);
  const table = coloursOf(map);
  const pixels = new Uint32Array(image.data.buffer);
  const { units, width, height, tiles } = frame;
  for (let unit = 0; unit < units; unit++) {
    const left = (unit % sheet.columns) * (width + sheet.gap);
    const top = Math.floor(unit / sheet.columns) * (height + sheet.gap);
    for (let y = 0; y < height; y++) {
      const from = (unit * height + y) * width;
      const to = (top + y) * sheet.width + left;
      for (let x = 0; x < width; x++) pixels[to + x] = table[tiles[from + x]!]!;
    }
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

/** One channel. */
export function paintUnit(canvas: HTMLCanvasElement, frame: LiveFrame, unit: number, map: ColourMap): void {
  const { width, height, tiles } = frame;
  const image = begin(canvas, width, height);
  const table = coloursOf(map);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < width * height; i++) pixels[i] = table[tiles[unit * width * height + i]!]!;
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

export function paintFrame(canvas: HTMLCanvasElement, { width, height, rgba }: Frame): void {
  const image = begin(canvas, width, height);
  image.data.set(rgba);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

function begin(canvas: HTMLCanvasElement, width: number, height: number): ImageData {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return canvas.getContext('2d')!.createImageData(width, height);
}

const known = new Map<ColourMap, Uint32Array>();

/** As whole pixels in the machine's own order of bytes. */
function coloursOf(map: ColourMap): Uint32Array {
  const kept = known.get(map);
  if (kept) return kept;
  const table = colourTable(map);
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) bytes.set([table[i * 3]!, table[i * 3 + 1]!, table[i * 3 + 2]!, 255], i * 4);
  const made = new Uint32Array(bytes.buffer);
  known.set(map, made);
  return made;
}
