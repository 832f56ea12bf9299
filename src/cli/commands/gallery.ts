import path from 'node:path';
import { usageError } from '../../core/errors.ts';
import { makeGallery } from '../../core/gallery/make-gallery.ts';
import { showBytes } from '../../core/show-bytes.ts';
import { readArguments } from '../arguments.ts';
import { optionsOf } from '../options.ts';
import { cacheFolder } from '../cache-folder.ts';
import { writeHtmlFile } from '../html-file.ts';

const OPTIONS = optionsOf('model', 'layer', 'engine', 'out');

/** `layerscope gallery --model MODEL --layer NAME --out FILE.html`. Pictures are kept in the user's cache folder. */
export async function gallery(args: readonly string[]): Promise<void> {
  const { values } = readArguments(args, OPTIONS);
  const { model, layer, out, engine, quiet } = values;
  if (model === undefined) throw usageError('Which model? Give --model FILE.');
  if (layer === undefined) throw usageError('Which layer? Give --layer NAME.');
  const folder = path.join(cacheFolder(), 'thumbnails');
  await writeHtmlFile({ name: 'gallery', model, out, engine, quiet }, async function* (session, signal) {
    const { html, pictures, partial } = yield* makeGallery(session, { layer, folder, signal });
    const content = `${pictures} pictures, ${showBytes(Buffer.byteLength(html))}`;
    return { html, partial, content };
  });
}
