import type { HoverPicture, LayerSummary } from '../../protocol/worker.ts';

/** Pixels of a picture in a table. */
const CELL = 80;
const COLUMNS = 3;

/** Facts of a layer in one line: kind, shape, parameters, receptive field. */
export function layerFacts({ kind, shape, parameters, receptiveField }: LayerSummary): string {
  const facts = [kind];
  if (shape) facts.push(shape.join(' × '));
  if (parameters > 0) facts.push(`${parameters.toLocaleString('en')} parameters`);
  if (receptiveField && receptiveField.size[0] > 1)
    facts.push(`receptive field ${receptiveField.size[0]} × ${receptiveField.size[1]}`);
  return facts.join(' · ');
}

/** Markdown of a picture, its size stated so that the hover does not jump; `width`: pixels that it is shown in. */
export function pictureMarkdown(
  { jpeg, width: own, height }: HoverPicture,
  { alt, width }: { readonly alt: string; readonly width: number },
): string {
  const data = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength).toString('base64');
  return `![${alt}](data:image/jpeg;base64,${data}|width=${width},height=${Math.round((height * width) / own)})`;
}

/** Markdown of pictures three in a row, what each is called beneath it. */
export function picturesTable(cells: readonly { readonly label: string; readonly picture: HoverPicture }[]): string {
  const columns = Math.min(COLUMNS, cells.length);
  const row = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  const rows: string[] = [];
  for (let from = 0; from < cells.length; from += columns) {
    const some = cells.slice(from, from + columns).map(({ label, picture }) => ({ label: plain(label), picture }));
    const pictures = some.map(({ label, picture }) => pictureMarkdown(picture, { alt: label, width: CELL }));
    rows.push(row(pictures.map((text) => text.replaceAll('|', '\\|'))), row(some.map(({ label }) => label)));
  }
  return [rows[0]!, row(Array<string>(columns).fill(':-:')), ...rows.slice(1)].join('\n');
}

/** Text in markdown, as it is. */
export const plain = (text: string): string => text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~$]/g, '\\$&');

/** A link that runs a command. */
export const commandLink = (text: string, command: string, ...args: unknown[]): string =>
  `[${text}](command:${command}?${encodeURIComponent(JSON.stringify(args))})`;
