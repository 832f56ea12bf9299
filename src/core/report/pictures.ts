import { encodePng } from '../images/png.ts';
import { enlarge } from '../images/paint.ts';
import { renderResult } from '../images/render.ts';
import type { Picture, Result } from '../results.ts';
import { html, type Markup } from './markup.ts';

const SMALL = 160;

/** A picture as part of the page. */
export function pictureOf(picture: Picture, alt: string): Markup {
  const times = Math.max(1, Math.ceil(SMALL / Math.max(picture.width, picture.height)));
  const large = enlarge(picture, times);
  return html`<img src="${dataUri(large)}" width="${large.width}" height="${large.height}" alt="${alt}" />`;
}

/** A result as it is drawn anywhere; a chart also for a dark page. */
export function resultPicture(result: Result, alt: string): Markup {
  const light = renderResult(result);
  if (!light) return html``;
  if (result.kind !== 'curve') return pictureOf(light, alt);
  const dark = renderResult(result, { background: 'dark' })!;
  return html`<picture
    ><source srcset="${dataUri(dark)}" media="(prefers-color-scheme: dark)" />
    ${pictureOf(light, alt)}</picture
  >`;
}

const dataUri = (picture: Picture) => `data:image/png;base64,${Buffer.from(encodePng(picture)).toString('base64')}`;
