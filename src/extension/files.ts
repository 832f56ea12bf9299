import { open } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { OWN_EXTENSIONS, OWN_NAMES, SHARED_EXTENSIONS } from './model-files.ts';
import { NETWORK } from './code/prototxt.ts';

const EXTENSIONS = [...OWN_EXTENSIONS, ...SHARED_EXTENSIONS].map((extension) => `*.${extension}`);
const MODELS = `**/{${[...EXTENSIONS, OWN_NAMES, 'model.json', '*.prototxt'].join(',')}}`;
const IMAGES = '**/*.{png,jpg,jpeg,PNG,JPG,JPEG}';
const EXCLUDED = '**/{node_modules,.git,.venv,venv,__pycache__}/**';
const MOST_MODELS = 500;
const MOST_IMAGES = 5000;

const byName = new Intl.Collator(undefined, { numeric: true }).compare;

/** What tells that a text is a model, by its extension. */
const TEXTS: Readonly<Record<string, RegExp>> = {
  '.json': /"(modelTopology|weightsManifest|generatedBy)"/,
  '.prototxt': NETWORK,
};

/** The workspace's model files, by path; of the `model.json` and `.prototxt` only those that are networks. */
export async function modelFiles(): Promise<string[]> {
  const found = await find(MODELS, MOST_MODELS);
  const models = await Promise.all(
    found.map((file) => {
      const text = TEXTS[path.extname(file).toLowerCase()];
      return text === undefined || beginsWith(file, text);
    }),
  );
  return found.filter((_, i) => models[i]);
}

/** The workspace's PNG and JPEG files, by path; not more than 5000. */
export const imageFiles = (): Promise<string[]> => find(IMAGES, MOST_IMAGES);

async function find(pattern: string, most: number): Promise<string[]> {
  const found = await vscode.workspace.findFiles(pattern, EXCLUDED, most);
  return found
    .filter(({ scheme }) => scheme === 'file')
    .map(({ fsPath }) => fsPath)
    .sort(byName);
}

/** By what stands in the first bytes: such a file may be large, and others have the same name. */
async function beginsWith(file: string, text: RegExp): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
      return text.test(buffer.toString('latin1', 0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}

/** How a file is told from others in a list: its name, and where it lies. */
export function nameAndPlace(file: string): { readonly name: string; readonly detail: string } {
  const relative = vscode.workspace.asRelativePath(file);
  const folder = path.dirname(relative);
  return { name: path.basename(file), detail: folder === '.' ? '' : folder };
}
