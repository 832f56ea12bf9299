import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CodePlace } from '../../protocol/panel.ts';
import type { LayerSummary } from '../../protocol/worker.ts';
import type { CodeLayer } from './code-layer.ts';
import { languageOf, modelOf, readCode } from './documents.ts';
import { findLayer } from './find-layer.ts';
import { numberedAsIn } from './numbering.ts';

const PYTHON = '**/*.py';
/** Those that may make a model of TensorFlow.js. */
const SCRIPTS = '**/*.{py,js,mjs,cjs,jsx,ts,mts,tsx}';
const MOST_FILES = 300;
const MOST_BYTES = 1_000_000;
const EXCLUDED = '**/{node_modules,.git,.venv,venv,env,site-packages,__pycache__}/**';

/** A file that means a model, and the layers that it defines. */
interface Definitions {
  readonly file: string;
  readonly text: string;
  readonly layers: readonly CodeLayer[];
}

const searched = new Map<string, Promise<Definitions[]>>();

/** Code has changed: it is searched again. */
export const forgetPlaces = (): void => searched.clear();

/** Where the workspace's code defines a layer: in the Python and JavaScript files that mean the model, and the JSON or `.prototxt` beside it. */
export async function codePlace(
  layer: string,
  model: string,
  modelLayers: readonly LayerSummary[],
): Promise<CodePlace | undefined> {
  let found = searched.get(model);
  if (!found) searched.set(model, (found = search(model)));
  for (const { file, text, layers } of await found)
    for (const { names, definition } of numberedAsIn(modelLayers, layers))
      if (definition && findLayer([{ name: layer, hasFilters: false }], names))
        return { file, line: lineAt(text, definition.from) };
  return undefined;
}

async function search(model: string): Promise<Definitions[]> {
  const beside = new vscode.RelativePattern(path.dirname(model), '*.{json,prototxt}');
  const found = await Promise.all([
    vscode.workspace.findFiles(path.extname(model) === '.json' ? SCRIPTS : PYTHON, EXCLUDED, MOST_FILES),
    vscode.workspace.findFiles(beside, null, MOST_FILES),
  ]);
  const definitions = await Promise.all(found.flat().map(({ fsPath }) => definitionsIn(fsPath, model)));
  return definitions.filter((some) => some !== undefined);
}

async function definitionsIn(file: string, model: string): Promise<Definitions | undefined> {
  const text = await textOf(file);
  if (text === undefined) return undefined;
  const { layers, isModel } = await readCode(languageOf(file), text);
  if (layers.length === 0 || (await modelOf({ path: file, text, isModel })) !== model) return undefined;
  return { file, text, layers };
}

/** What an editor shows goes before what is saved. */
async function textOf(file: string): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file);
  if (open) return open.getText();
  try {
    return (await stat(file)).size > MOST_BYTES ? undefined : await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
