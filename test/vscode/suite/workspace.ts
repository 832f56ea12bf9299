import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Layerscope } from '../../../src/extension/extension.ts';

export { eventually } from '../../support/vscode/eventually.ts';

export const extension = () => vscode.extensions.getExtension<Layerscope>('layerscope.layerscope')!;

export const layerscope = async (): Promise<Layerscope> => extension().activate();

export const fileUri = (name: string): vscode.Uri =>
  vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);

export async function openText(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(fileUri(name));
  await vscode.window.showTextDocument(document);
  return document;
}

/** The lenses over a line that has this text. */
export async function lensesAt(document: vscode.TextDocument, text: string): Promise<string[]> {
  const { line } = document.positionAt(indexOf(document, text));
  return (await lenses(document)).filter(({ range }) => range.start.line === line).map(({ command }) => command!.title);
}

export async function lenses({ uri }: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  return vscode.commands.executeCommand('vscode.executeCodeLensProvider', uri, 100);
}

/** The text of our hover over the first such text. */
export async function hoverAt(document: vscode.TextDocument, text: string): Promise<string> {
  const position = document.positionAt(indexOf(document, text) + 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents.map((part) => (typeof part === 'string' ? part : part.value)))
    .join('\n');
}

function indexOf(document: vscode.TextDocument, text: string): number {
  const at = document.getText().indexOf(text);
  assert.notEqual(at, -1, `${text} is in ${document.uri.path}`);
  return at;
}
