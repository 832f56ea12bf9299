import path from 'node:path';
import * as vscode from 'vscode';
import { hasStimuli } from '../../core/gallery/layers.ts';
import type { LayerSummary } from '../../protocol/worker.ts';
import { COMMANDS, type ThumbnailArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import type { CodeLayer, Span } from './code-layer.ts';
import type { Documents } from './documents.ts';
import { findLayer } from './find-layer.ts';
import { commandLink, layerFacts, picturesTable, plain } from './hover-text.ts';
import { numberedAsIn } from './numbering.ts';
import type { Summaries } from './summaries.ts';
import { cachedThumbnails } from './thumbnails.ts';
import { CHOOSE_MODEL, VISUALIZE_CODE, type CodeArguments } from './visualize.ts';

const LINKS = { enabledCommands: [CHOOSE_MODEL, VISUALIZE_CODE, COMMANDS.computeThumbnails] };

/** Over a layer in code: what it is, and what its channels prefer, from the cache; else a link that computes that. */
export class Hovers implements vscode.HoverProvider {
  constructor(
    private readonly services: Services,
    private readonly documents: Documents,
    private readonly summaries: Summaries,
  ) {}

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const offset = document.offsetAt(position);
    const { layers } = await this.documents.code(document);
    const pointed = layers.flatMap((layer) => layer.pointers.map((span) => ({ layer, span })));
    const found = pointed.find(({ span }) => span.from <= offset && offset <= span.to);
    if (!found) return undefined;
    const lines = await this.#lines(document, found.layer, found.span);
    if (!lines) return undefined;
    const text = new vscode.MarkdownString(lines.join('\n\n'));
    text.isTrusted = LINKS;
    const range = new vscode.Range(document.positionAt(found.span.from), document.positionAt(found.span.to));
    return new vscode.Hover(text, range);
  }

  async #lines(document: vscode.TextDocument, code: CodeLayer, span: Span): Promise<string[] | undefined> {
    const model = await this.documents.model(document);
    const uri = document.uri.toString();
    if (model === undefined) {
      if (!code.definition) return undefined;
      return [
        `**${plain(code.names[0]!)}** · ${plain(code.kind)}`,
        commandLink(vscode.l10n.t('Choose its model'), CHOOSE_MODEL, uri),
      ];
    }
    const reply = await this.summaries.open(model);
    if (!reply.ok) return code.definition && [`**${plain(code.names[0]!)}**`, plain(reply.message)];
    const { layers } = await this.documents.code(document);
    const named = numberedAsIn(reply.value.layers, layers)[layers.indexOf(code)];
    const layer = findLayer(reply.value.layers, named?.names ?? code.names);
    if (!layer) return undefined;
    const argument: CodeArguments = { uri, names: [layer.name] };
    const head = `**${plain(layer.name)}** · ${plain(layerFacts(layer))}`;
    const links = [commandLink(vscode.l10n.t('Visualize this layer'), VISUALIZE_CODE, argument)];
    const pictures = hasStimuli(layer) ? await this.#pictures(model, layer) : undefined;
    if (hasStimuli(layer) && !pictures) {
      const { line, character } = document.positionAt(span.from + 1);
      const compute: ThumbnailArguments = { model, layer: layer.name, uri, line, character };
      links.unshift(
        commandLink(vscode.l10n.t('Compute what its channels prefer'), COMMANDS.computeThumbnails, compute),
      );
    }
    if (layer.hasFilters && !layer.runnable)
      links.unshift(commandLink(vscode.l10n.t('Show filters'), VISUALIZE_CODE, { ...argument, tab: 'filters' }));
    return [head, ...(pictures ? [pictures] : []), [...links, plain(path.basename(model))].join(' · ')];
  }

  async #pictures(model: string, layer: LayerSummary): Promise<string | undefined> {
    const reply = await cachedThumbnails(this.services, model, layer);
    if (!reply.ok || !reply.value) return undefined;
    const cells = reply.value.map(({ unit, label = String(unit), picture }) => ({
      label,
      alt: vscode.l10n.t('What {0} prefers', label),
      picture,
    }));
    return picturesTable(cells);
  }
}
