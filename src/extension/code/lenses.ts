import * as vscode from 'vscode';
import type { Reply, ModelSummary } from '../../protocol/worker.ts';
import { COMMANDS, SECTION } from '../commands.ts';
import type { Documents } from './documents.ts';
import { lensPlan } from './lens-plan.ts';
import { VISUALIZE_CODE, type CodeArguments } from './visualize.ts';
import type { Summaries } from './summaries.ts';

/** *Visualize this layer*, *Filters* and *Activations* over the definitions of layers. */
export class Lenses implements vscode.CodeLensProvider {
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(
    private readonly documents: Documents,
    private readonly summaries: Summaries,
    changed: vscode.Event<void>,
  ) {
    this.onDidChangeCodeLenses = changed;
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!vscode.workspace.getConfiguration(SECTION, document).get<boolean>('codeLens', true)) return [];
    const { layers, isModel } = await this.documents.code(document);
    if (layers.length === 0) return isModel ? [inspectLens(document)] : [];
    const model = await this.documents.model(document);
    const summary = model === undefined ? undefined : await this.summaries.peek(model);
    const lineOf = (offset: number) => document.positionAt(offset).line;
    const lenses = lensPlan(layers, lineOf, knownLayers(summary)).flatMap(({ layer, tabs }) => {
      const at = document.positionAt(layer.definition!.from);
      const lens = (title: string, tab?: string) => {
        const { names, automatic = false } = layer;
        const argument: CodeArguments = { uri: document.uri.toString(), names, automatic, ...(tab && { tab }) };
        return new vscode.CodeLens(new vscode.Range(at, at), { title, command: VISUALIZE_CODE, arguments: [argument] });
      };
      const titles = { filters: vscode.l10n.t('Filters'), activations: vscode.l10n.t('Activations') };
      return [lens(vscode.l10n.t('Visualize this layer')), ...tabs.map((tab) => lens(titles[tab], tab))];
    });
    return isModel ? [inspectLens(document), ...lenses] : lenses;
  }
}

function knownLayers(summary: Reply<ModelSummary> | undefined) {
  if (!summary) return 'unknown';
  return summary.ok ? summary.value.layers : 'unreadable';
}

function inspectLens({ uri }: vscode.TextDocument): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
    title: vscode.l10n.t('Inspect Model'),
    command: COMMANDS.inspectModel,
    arguments: [uri],
  });
}
