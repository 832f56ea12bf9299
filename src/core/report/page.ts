import { basename } from 'node:path';
import type { Findings, ReportRequest } from './collect.ts';
import { html, Markup } from './markup.ts';
import { provenance } from './provenance.ts';
import { decision, failures, maps, place } from './sections.ts';
import { STYLE } from './style.ts';
import { trust } from './trust-section.ts';

/** Nothing is fetched and nothing is run, wherever the page is opened. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** The report as one HTML file that needs nothing else: no script, no other file, no network. */
export function reportPage(findings: Findings, { model }: ReportRequest): string {
  const [first] = findings.maps;
  const title = first ? `Why ${subjectOf(first.result.title)}?` : 'Report';
  const image = basename(first?.provenance.image ?? 'the image');
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>${title} ${image}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        <p class="dim">What ${basename(model)} sees in ${image}.</p>
        ${findings.partial && html`<p><strong>Cancelled before its end: this is what was finished.</strong></p>`}
        ${decision(findings)} ${maps(findings)} ${place(findings)} ${trust(findings)} ${failures(findings)}
        ${provenance(findings)}
      </body>
    </html>`;
  return `${page.text.trim()}\n`;
}

/** What is explained: `Saliency for class zebra` is for `class zebra`. */
const subjectOf = (title: string) => title.slice(title.indexOf(' for ') + 5);
