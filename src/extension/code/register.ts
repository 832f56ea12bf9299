import * as vscode from 'vscode';
import { COMMANDS, SECTION, type ThumbnailArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import { Documents, SELECTOR } from './documents.ts';
import { Hovers } from './hovers.ts';
import { Lenses } from './lenses.ts';
import { forgetPlaces } from './place.ts';
import { Summaries } from './summaries.ts';
import { computeThumbnails } from './thumbnails.ts';
import { CHOOSE_MODEL, VISUALIZE_CODE, chooseModelOf, visualizeCode, type CodeArguments } from './visualize.ts';

/** Registers what is about code: lenses, hovers, and the commands that they call. */
export function registerCode(context: vscode.ExtensionContext, services: Services): vscode.Disposable {
  const documents = new Documents(context.workspaceState);
  const summaries = new Summaries(services.worker);
  const changed = new vscode.EventEmitter<void>();
  const refresh = () => changed.fire();

  const compute = async (argument: ThumbnailArguments) => {
    const reply = await summaries.open(argument.model);
    const layer = reply.ok && reply.value.layers.find(({ name }) => name === argument.layer);
    if (layer) await computeThumbnails(services, layer, argument);
  };
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    documents,
    summaries,
    changed,
    summaries.onDidChange(refresh),
    documents.onDidChoose(refresh),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(SECTION)) return;
      forgetPlaces();
      refresh();
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (vscode.languages.match(SELECTOR, document)) forgetPlaces();
    }),
    vscode.workspace.onDidSaveTextDocument(forgetPlaces),
    vscode.languages.registerCodeLensProvider(SELECTOR, new Lenses(documents, summaries, changed.event)),
    vscode.languages.registerHoverProvider(SELECTOR, new Hovers(services, documents, summaries)),
    registerCommand(VISUALIZE_CODE, (argument: CodeArguments) => visualizeCode(documents, summaries, argument)),
    registerCommand(CHOOSE_MODEL, (uri: string) => chooseModelOf(documents, uri)),
    registerCommand(COMMANDS.computeThumbnails, compute),
  );
}
