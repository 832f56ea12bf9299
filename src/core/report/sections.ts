import { COLOUR_MAPS } from '../images/colour-maps.ts';
import type { Result } from '../results.ts';
import { askedMethod } from '../visualizers/asked-method.ts';
import { ATTRIBUTIONS } from '../visualizers/attributions.ts';
import { findIn } from '../visualizers/find.ts';
import type { Entry, Findings } from './collect.ts';
import { html, type Markup } from './markup.ts';
import { pictureOf, resultPicture } from './pictures.ts';

const methodOf = ({ provenance }: Entry) => findIn(ATTRIBUTIONS, provenance.method);

/** The picture as the network gets it, and its classes. */
export function decision({ predictions, maps }: Findings): Markup {
  const picture = maps.map(({ result }) => result.kind === 'heatmap' && result.image).find(Boolean);
  return html`<section class="side">
    ${picture && html`<figure>${pictureOf(picture, 'The image as the network gets it')}</figure>`}
    ${predictions?.result.kind === 'table' && classes(predictions.result)}
  </section>`;
}

function classes({ rows }: Extract<Result, { kind: 'table' }>): Markup {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>What the network takes it for</th>
          <th class="number">Probability</th>
          <th></th>
          <th class="number">Score</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([, label, probability, score]) =>
            html`<tr>
              <td>${label}</td>
              <td class="number">${percent(Number(probability))}</td>
              <td><span class="bar" style="width: ${Math.round(Number(probability) * 160)}px"></span></td>
              <td class="number">${Number(score).toFixed(2)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const percent = (part: number) => `${(part * 100).toFixed(1)} %`;

/** All maps in one style: the colours of each spread to its own 99th percentile. */
export function maps({ maps: entries }: Findings): Markup {
  if (entries.length === 0) return html``;
  const signed = entries.some(({ result }) => result.kind === 'heatmap' && result.signed);
  return html`<section>
    <h2>Which pixels</h2>
    <p>
      What each method says matters, over the image. Every map is drawn alike: its colours spread to the 99th percentile
      of its own values, as the methods have no common unit.
    </p>
    <p>${key('inferno', 'little to much')} ${signed && key('RdBu', 'against (blue), nothing (pale), for (red)')}</p>
    <div class="grid">${entries.map(mapFigure)}</div>
  </section>`;
}

function mapFigure(entry: Entry): Markup {
  const { title, description } = methodOf(entry);
  return html`<figure>
    ${resultPicture(entry.result, entry.result.title)}
    <figcaption>
      <h3>${title}</h3>
      <p class="dim">${description}</p>
      ${entry.result.notes.map((note) => html`<p>${note}</p>`)}
    </figcaption>
  </figure>`;
}

function key(map: keyof typeof COLOUR_MAPS, meaning: string): Markup {
  const stops = [0, 0.25, 0.5, 0.75, 1].map(COLOUR_MAPS[map]).join(', ');
  return html`<span class="key"
    ><span class="ramp" style="background: linear-gradient(to right, ${stops})"></span> ${meaning}</span
  >`;
}

/** Where it is. */
export function place({ localisation }: Findings): Markup {
  if (!localisation) return html``;
  const { result, provenance } = localisation;
  const [x0, y0, x1, y1] = result.metrics['box'] as readonly [number, number, number, number];
  const from = askedMethod(String(provenance.params['from'])).method.title;
  return html`<section>
    <h2>Where</h2>
    <div class="side">
      <figure>${resultPicture(result, result.title)}</figure>
      <div>
        <p>
          Outline and box, from the strongest and weakest pixels of ${from} and the colours of the image. What is dimmed
          does not belong to it.
        </p>
        <p>Box: x ${x0} to ${x1}, y ${y0} to ${y1} (${x1 - x0} × ${y1 - y0} pixels of the network's input).</p>
        ${result.notes.map((note) => html`<p>${note}</p>`)}
      </div>
    </div>
  </section>`;
}

/** What can't be shown here, and why. */
export function failures({ failed }: Findings): Markup {
  if (failed.length === 0) return html``;
  return html`<section>
    <h2>Not possible here</h2>
    ${failed.map(({ method, why }) => html`<p><strong>${method}</strong>: ${why}</p>`)}
  </section>`;
}
