import { basename } from 'node:path';
import type { Findings, ReportRequest } from './collect.ts';
import { htmlDocument } from './document.ts';
import { html } from './markup.ts';
import { provenance } from './provenance.ts';
import { decision, failures, maps, place } from './sections.ts';
import { STYLE } from './style.ts';
import { trust } from './trust-section.ts';

/** The report as one HTML file that needs nothing else: no script, no other file, no network. */
export function reportPage(findings: Findings, { model }: ReportRequest): string {
  const [first] = findings.maps;
  const title = first ? `Why ${subjectOf(first.result.title)}?` : 'Report';
  const image = basename(first?.provenance.image ?? 'the image');
  const body = html`<h1>${title}</h1>
    <p class="dim">What ${basename(model)} sees in ${image}.</p>
    ${findings.partial && html`<p><strong>Cancelled before its end: this is what was finished.</strong></p>`}
    ${decision(findings)} ${maps(findings)} ${place(findings)} ${trust(findings)} ${failures(findings)}
    ${provenance(findings)}`;
  return htmlDocument(`${title} ${image}`, STYLE, body);
}

/** What is explained: `Saliency for class zebra` is for `class zebra`. */
const subjectOf = (title: string) => title.slice(title.indexOf(' for ') + 5);
