import type { Entry, Findings } from './collect.ts';
import { html, type Markup } from './markup.ts';
import { resultPicture } from './pictures.ts';
import { askedMethod } from '../visualizers/asked-method.ts';

interface Column {
  readonly name: string;
  readonly help: string;
  readonly best: 'least' | 'most' | 'none';
  value(entry: Entry): number | undefined;
}

const metric =
  (name: string, at?: number) =>
  ({ result }: Entry): number | undefined => {
    const value = result.metrics[name];
    return typeof value === 'object' ? value[at ?? 0] : value;
  };

const COLUMNS: readonly Column[] = [
  {
    name: 'Deletion',
    help: 'area under the probability while the strongest pixels are taken away: less is better',
    best: 'least',
    value: metric('deletion'),
  },
  {
    name: 'Insertion',
    help: 'the same while they are put into a blurred picture: more is better',
    best: 'most',
    value: metric('insertion'),
  },
  {
    name: 'Top layer random',
    help:
      'rank correlation of the map with that of a network whose last layer is random: a map about the class changes, one that stays near 1 ' +
      'shows the image rather than what was learned (Adebayo 2018)',
    best: 'none',
    value: metric('rank-correlation', 1),
  },
  {
    name: 'Sensitivity',
    help: 'how much the map changes at most when the image hardly does: less is better',
    best: 'least',
    value: metric('sensitivity-max'),
  },
  {
    name: 'Infidelity',
    help: 'how little it foretells what covering a square does, 0 to 1: less is better',
    best: 'least',
    value: metric('infidelity-relative'),
  },
];

const testedOf = ({ provenance }: Entry) => askedMethod(String(provenance.params['of'])).method.title;

/** The numbers of all maps beside each other, and the curves of each. */
export function trust({ trust: entries }: Findings): Markup {
  if (entries.length === 0) return html``;
  const columns = COLUMNS.filter(({ value }) => entries.some((entry) => value(entry) !== undefined));
  const ranked = entries.length > 1;
  return html`<section>
    <h2>Which map to believe</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Map</th>
            ${columns.map(({ name }) => html`<th class="number">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${entries.map(
            (entry) =>
              html`<tr>
                <td>${testedOf(entry)}</td>
                ${columns.map((column) => cell(column, entry, ranked ? entries : []))}
              </tr>`,
          )}
          ${randomOrder(columns, entries)}
        </tbody>
      </table>
    </div>
    <p></p>
    ${columns.map(({ name, help }) => html`<p><strong>${name}</strong>: ${help}.</p>`)}
    ${ranked && html`<p class="dim">The best of each column is marked.</p>`}
    <div class="charts">${entries.filter(({ result }) => result.kind === 'curve').map(curves)}</div>
  </section>`;
}

/** What a map that knows nothing would have, where it was measured. */
function randomOrder(columns: readonly Column[], entries: readonly Entry[]): Markup | undefined {
  const measured = entries.find(
    ({ result }) => 'deletion-random' in result.metrics || 'insertion-random' in result.metrics,
  );
  if (!measured) return undefined;
  const value = (name: string) => metric(`${name.toLowerCase()}-random`)(measured)?.toFixed(3) ?? '–';
  return html`<tr class="dim">
    <td>Pixels in random order</td>
    ${columns.map(({ name }) => html`<td class="number">${value(name)}</td>`)}
  </tr>`;
}

function cell(column: Column, entry: Entry, all: readonly Entry[]): Markup {
  const value = column.value(entry);
  if (value === undefined) return html`<td class="number">–</td>`;
  const shown = (number: number) => number.toFixed(3);
  const values = all.flatMap((one) => column.value(one) ?? []);
  const best = { least: Math.min(...values), most: Math.max(...values), none: NaN }[column.best];
  return html`<td class="number ${shown(value) === shown(best) && 'best'}">${shown(value)}</td>`;
}

const curves = (entry: Entry): Markup =>
  html`<figure>${resultPicture(entry.result, `${entry.result.title}. ${entry.result.notes.join(' ')}`)}</figure>`;
