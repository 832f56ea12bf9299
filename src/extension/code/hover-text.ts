import type { HoverPicture, LayerSummary } from '../../protocol/worker.ts';

/** Pixels of a picture in a hover, and how many stand in a row: higher ones would be cut off. */
const CELL = 60;
const COLUMNS = 5;

/** Facts of a layer in one line: kind, shape, parameters, receptive field. */
export function layerFacts({ kind, shape, parameters, receptiveField }: LayerSummary): string {
  const facts = [kind];
  if (shape) facts.push(shape.join(' × '));
  if (parameters > 0) facts.push(`${parameters.toLocaleString('en')} parameters`);
  if (receptiveField && receptiveField.size[0] > 1)
    facts.push(`receptive field ${receptiveField.size[0]} × ${receptiveField.size[1]}`);
  return facts.join(' · ');
}

interface Cell {
  readonly label: string;
  /** For who can't see it. */
  readonly alt: string;
  readonly picture: HoverPicture;
}

/** Markdown of pictures in rows, what each is called beneath it; their size is stated so that the hover does not jump. */
export function picturesTable(cells: readonly Cell[]): string {
  const columns = Math.min(COLUMNS, cells.length);
  const row = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  const rows: string[] = [];
  for (let from = 0; from < cells.length; from += columns) {
    const some = cells.slice(from, from + columns);
    rows.push(row(some.map(pictureMarkdown)), row(some.map(({ label }) => plain(label))));
  }
  return [rows[0]!, row(Array<string>(columns).fill(':-:')), ...rows.slice(1)].join('\n');
}

/** In a table: its bars don't part cells. */
function pictureMarkdown({ alt, picture: { jpeg, width, height } }: Cell): string {
  const data = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength).toString('base64');
  const scale = CELL / Math.max(width, height);
  const size = `width=${Math.round(width * scale)},height=${Math.round(height * scale)}`;
  return `![${plain(alt)}](data:image/jpeg;base64,${data}\\|${size})`;
}

/** Text in markdown, as it is. */
export const plain = (text: string): string => text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~$]/g, '\\$&');

/** A link that runs a command. */
export const commandLink = (text: string, command: string, ...args: unknown[]): string =>
  `[${text}](command:${command}?${encodeURIComponent(JSON.stringify(args))})`;
