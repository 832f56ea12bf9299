import type { LayerSummary } from '../../protocol/worker.ts';

/** A PNG in a hover: as its data URI, at the size that it is shown in. */
export interface HoverPicture {
  readonly png: Uint8Array;
  readonly alt: string;
}

/** Pixels that a sheet of thumbnails is wide in a hover; it has more. */
const WIDTH = 160;

/** Facts of a layer in one line: kind, shape, parameters, receptive field. */
export function layerFacts({ kind, shape, parameters, receptiveField }: LayerSummary): string {
  const facts = [kind];
  if (shape) facts.push(shape.join(' × '));
  if (parameters > 0) facts.push(`${parameters.toLocaleString('en')} parameters`);
  if (receptiveField && receptiveField.size[0] > 1)
    facts.push(`receptive field ${receptiveField.size[0]} × ${receptiveField.size[1]}`);
  return facts.join(' · ');
}

/** Markdown of a picture, its size stated so that the hover does not jump. */
export function pictureMarkdown({ png, alt }: HoverPicture): string {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const scale = WIDTH / width;
  const data = Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString('base64');
  return `![${alt}](data:image/png;base64,${data}|width=${WIDTH},height=${Math.round(height * scale)})`;
}

/** Text in markdown, as it is. */
export const plain = (text: string): string => text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~$]/g, '\\$&');

/** A link that runs a command. */
export const commandLink = (text: string, command: string, ...args: unknown[]): string =>
  `[${text}](command:${command}?${encodeURIComponent(JSON.stringify(args))})`;
