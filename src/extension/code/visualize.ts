import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { COMMANDS, type LayerArguments } from '../commands.ts';
import { chooseModel } from '../actions/choose.ts';
import type { Documents } from './documents.ts';
import { findLayer } from './find-layer.ts';
import { numberedAsIn } from './numbering.ts';
import type { Summaries } from './summaries.ts';

/** What lenses and hovers call: it finds the model, by asking if need be, then calls `visualizeLayer`. */
export const VISUALIZE_CODE = 'layerscope.visualizeCode';
/** Asks which model a file of code means, and remembers the answer. */
export const CHOOSE_MODEL = 'layerscope.chooseModelOfCode';

export interface CodeArguments {
  /** Of the code. */
  readonly uri: string;
  /** What the model may call the layer. */
  readonly names: readonly string[];
  /** As of the layer in code. */
  readonly automatic?: boolean;
  /** A method's id. */
  readonly tab?: string;
}

export async function visualizeCode(
  documents: Documents,
  summaries: Summaries,
  { uri, names, automatic, tab }: CodeArguments,
): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const model = (await documents.model(document)) ?? (await chooseModelOf(documents, uri));
  if (model === undefined) return;
  const title = vscode.l10n.t('Opening {0}', path.basename(model));
  const reply = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
    summaries.open(model),
  );
  if (!reply.ok) {
    if (reply.kind !== 'crashed') void vscode.window.showErrorMessage(reply.message);
    return;
  }
  const { layers } = reply.value;
  const code = automatic ? (await documents.code(document)).layers : [];
  const meant = code.findIndex((candidate) => candidate.automatic && isDeepStrictEqual(candidate.names, names));
  const layer = findLayer(layers, numberedAsIn(layers, code)[meant]?.names ?? names);
  if (!layer) return sayMissing(documents, uri, model, names[0]!);
  const argument: LayerArguments = { model, layer: layer.name, ...(tab !== undefined && { tab }) };
  await vscode.commands.executeCommand(COMMANDS.visualizeLayer, argument);
}

/** The model that the user chooses for a file, remembered; undefined when the user leaves the choice. */
export async function chooseModelOf(documents: Documents, uri: string): Promise<string | undefined> {
  const file = vscode.Uri.parse(uri).fsPath;
  const model = await chooseModel(vscode.l10n.t('Which model does {0} define?', path.basename(file)));
  if (model !== undefined) await documents.choose(file, model);
  return model;
}

async function sayMissing(documents: Documents, uri: string, model: string, layer: string): Promise<void> {
  const other = vscode.l10n.t('Choose Another Model');
  const text = vscode.l10n.t('{0} has no layer “{1}”.', path.basename(model), layer);
  if ((await vscode.window.showWarningMessage(text, other)) === other) await chooseModelOf(documents, uri);
}
