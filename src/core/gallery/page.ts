import { htmlDocument } from '../report/document.ts';
import { html, Markup } from '../report/markup.ts';
import { showBytes } from '../show-bytes.ts';
import { SIZES, STYLE } from './style.ts';

export interface GalleryTile {
  readonly unit: number;
  /** What it is called, where it is a class. */
  readonly label: string | undefined;
  readonly png: Uint8Array;
}

export interface GalleryContent {
  /** The file's name. */
  readonly model: string;
  readonly layer: string;
  readonly facts: readonly string[];
  /** Units of the layer; where there are fewer tiles, it is said. */
  readonly total: number;
  readonly tiles: readonly GalleryTile[];
  /** How the pictures were made. */
  readonly made: string;
}

/**
 * What a layer's channels prefer as one HTML file that needs nothing else: no script, no other file, no network. Sizes are radio
 * buttons; a picture is a link to itself, which the style enlarges.
 */
export function galleryPage({ model, layer, facts, total, tiles, made }: GalleryContent): string {
  const bytes = tiles.reduce((sum, { png }) => sum + png.length, 0);
  const title = `What ${layer} prefers`;
  const body = html`<header>
      <h1>${title}</h1>
      <p class="dim">${[model, ...facts].join(' · ')}. ${countOf(tiles.length, total)}</p>
      <fieldset>
        <legend>Size</legend>
        ${SIZES.map(
          ({ id, title: name }) =>
            html`<label
              ><input type="radio" name="size" id="${id}" ${new Markup(id === 'medium' ? 'checked' : '')} />
              ${name}</label
            >`,
        )}
      </fieldset>
    </header>
    <main>${tiles.map(tileOf)}</main>
    <footer class="dim">
      <p>${made} Pictures: ${showBytes(bytes)}.</p>
    </footer>`;
  return htmlDocument(`${title} · ${model}`, STYLE, body);
}

const countOf = (shown: number, total: number): string =>
  shown === total ? `All ${total} units.` : `${shown} of ${total} units; the others were not made.`;

function tileOf({ unit, label, png }: GalleryTile): Markup {
  const name = label ?? `Channel ${unit}`;
  const id = `unit-${unit}`;
  const source = `data:image/png;base64,${Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString('base64')}`;
  return html`<figure id="${id}">
    <a href="#${id}" aria-label="Enlarge ${name}"><img src="${source}" alt="What ${name} prefers" /></a>
    <figcaption id="at-${unit}">
      <b>${unit}</b> ${label}<a class="back" href="#at-${unit}" aria-label="Back to all pictures">×</a>
    </figcaption>
  </figure>`;
}
