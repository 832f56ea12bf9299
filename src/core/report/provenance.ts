import { commandLine } from '../command-line.ts';
import type { Findings } from './collect.ts';
import { html, type Markup } from './markup.ts';

/** With what it was made, and how each part is made again. */
export function provenance({ predictions, maps, localisation, trust }: Findings): Markup {
  const entries = [predictions, ...maps, localisation, ...trust].filter((entry) => entry !== undefined);
  const made = maps[0]?.provenance;
  if (!made) return html``;
  const facts: [string, string | number | undefined][] = [
    ['Model', made.model],
    ['SHA-256', made.sha256],
    ['Image', made.image],
    ['Layer', made.layer],
    ['Unit', made.unit],
    ['Class', made.target === undefined ? undefined : `${made.target} (${made.targetLabel})`],
    ['Against', made.against === undefined ? undefined : `${made.against} (${made.againstLabel})`],
    ['Seed', made.seed],
    ['Engine', made.engine],
    ...Object.entries(made.versions).map(([name, version]): [string, string] => [`Version of ${name}`, version]),
  ];
  return html`<section>
    <h2>How it was made</h2>
    <div class="scroll">
      <table>
        <tbody>
          ${facts.map(
            ([name, value]) =>
              value !== undefined &&
              html`<tr>
                <th>${name}</th>
                <td><code>${value}</code></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <details>
      <summary>The commands that make each part again, and their parameters</summary>
      ${entries.map(({ request, provenance: { params } }) => {
        const values = Object.entries(params).map(([name, value]) => `${name} ${String(value)}`);
        const line = commandLine(request, request.options);
        return html`<pre>${line}${values.length > 0 && `\n# ${values.join(', ')}`}</pre>`;
      })}
    </details>
  </section>`;
}
