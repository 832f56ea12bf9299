import { LayerscopeError } from '../../errors.ts';
import { damaged } from '../failure.ts';
import type { ModelFile } from '../format.ts';
import { readBinary } from './binary.ts';
import { netOf, type Net } from './net.ts';
import { inTestPhase, isData } from './runnable.ts';
import { readText } from './text.ts';

/** Larger ones are no network's text. */
const LARGEST_TEXT = 16 * 2 ** 20;

/** More files than these are not tried. */
const MOST_TRIED = 40;

/** A file beside the model that fits it. */
export interface Found {
  /** Its path from the model's folder. */
  readonly path: string;
  readonly net: Net;
}

export interface Search {
  /** Best first. */
  readonly found: readonly Found[];
  readonly warnings: readonly string[];
}

export function readTextNet(file: ModelFile): Net {
  if (file.size > LARGEST_TEXT) throw damaged(`${file.size} bytes; no network's text is as long`);
  return netOf(readText(new TextDecoder().decode(file.bytes())));
}

export const readBinaryNet = (file: ModelFile): Net => netOf(readBinary(file));

/**
 * The `.prototxt` files whose layers are those of a `.caffemodel`: of the same name; then those for use, then those that
 * train.
 */
export async function findNets(file: ModelFile, stored: Net): Promise<Search> {
  const { found, warnings } = await search(file, '.prototxt', readTextNet, (net) => lacking(net, stored));
  const own = stem(file.path);
  const order = ({ path, net }: Found) => (stem(path) === own ? 0 : trains(net) ? 2 : 1);
  const sorted = [...found].sort((a, b) => order(a) - order(b));
  const rivals = sorted.filter(({ net }) => !trains(net));
  return { found: sorted, warnings: [...warnings, ...ambiguous(own, sorted[0], rivals.length, '.prototxt')] };
}

/** The `.caffemodel` files that have weights for the layers of a `.prototxt`. */
export async function findWeights(file: ModelFile, net: Net): Promise<Search> {
  const { found, warnings } = await search(file, '.caffemodel', readBinaryNet, (stored) => lacking(net, stored));
  return { found, warnings: [...warnings, ...ambiguous(stem(file.path), found[0], found.length, '.caffemodel')] };
}

const trains = ({ layers }: Net): boolean => layers.some(isData);

const ambiguous = (own: string, taken: Found | undefined, count: number, extension: string): string[] =>
  taken && count > 1 && stem(taken.path) !== own ? [`${count} ${extension} files fit; '${taken.path}' is taken.`] : [];

async function search(
  file: ModelFile,
  extension: string,
  read: (candidate: ModelFile) => Net,
  lack: (net: Net) => string | undefined,
): Promise<Search> {
  const found: Found[] = [];
  const warnings: string[] = [];
  const own = stem(file.path);
  const paths = (await file.around()).filter((path) => path.toLowerCase().endsWith(extension));
  const ranked = paths.map((path) => ({ path, rank: rank(path, own) })).sort((a, b) => a.rank - b.rank);
  for (const { path } of ranked.slice(0, MOST_TRIED)) {
    try {
      const net = read(await file.sibling(path, false));
      const why = lack(net);
      if (why === undefined) found.push({ path, net });
      else if (stem(path) === own) warnings.push(`'${path}' is not used: ${why}.`);
    } catch (error) {
      if (!(error instanceof LayerscopeError)) throw error;
      // A solver's settings are a .prototxt too, without layers.
      if (!error.message.startsWith('no layers')) warnings.push(`'${path}' is not used: ${error.message}.`);
    }
  }
  return { found, warnings };
}

/** The name without folders and extension. */
const stem = (path: string): string =>
  path
    .slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
    .replace(/\.[^.]*$/, '')
    .toLowerCase();

/** The same name, then `deploy`, then what has that in its name, then others; the own folder first. */
function rank(path: string, own: string): number {
  const name = stem(path);
  const kind = name === own ? 0 : name === 'deploy' ? 1 : name.includes('deploy') ? 2 : 3;
  return kind * 2 + (path.includes('/') ? 1 : 0);
}

const LEARNED: ReadonlySet<string> = new Set(['Convolution', 'Deconvolution', 'InnerProduct', 'BatchNorm']);

/** What keeps a net and weights from belonging together, as far as the names of layers say it. */
function lacking(net: Net, stored: Net): string | undefined {
  const known = new Set(stored.layers.filter(({ blobs }) => blobs.length > 0).map(({ name }) => name));
  const learned = net.layers.filter((layer) => LEARNED.has(layer.type) && inTestPhase(layer));
  if (learned.length === 0) return 'it has no layers that learn';
  const missing = learned.find(({ name }) => !known.has(name));
  return missing && `there are no weights for its layer '${missing.name}'`;
}
