import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CodeLayer } from './code-layer.ts';
import { findModel, type CodeFile } from './find-model.ts';
import { codeOfModels } from './model-setting.ts';

/** Larger files are no code that a person points at. */
const MOST_CHARACTERS = 4_000_000;

/** Files in which layers are looked for. */
export const SELECTOR: vscode.DocumentSelector = [
  { scheme: 'file', language: 'python' },
  { scheme: 'file', language: 'json' },
  { scheme: 'file', language: 'javascript' },
  { scheme: 'file', language: 'javascriptreact' },
  { scheme: 'file', language: 'typescript' },
  { scheme: 'file', language: 'typescriptreact' },
  { scheme: 'file', pattern: '**/*.prototxt' },
];

type Language = 'python' | 'javascript' | 'json' | 'prototxt';

const LANGUAGES: Readonly<Record<string, Language>> = { '.json': 'json', '.prototxt': 'prototxt' };

const JAVASCRIPT = /^\.[cm]?[jt]sx?$/;

export function languageOf(file: string): Language {
  const extension = path.extname(file).toLowerCase();
  return LANGUAGES[extension] ?? (JAVASCRIPT.test(extension) ? 'javascript' : 'python');
}

/** A file of code, as far as it tells of a network. */
export interface Code {
  readonly layers: readonly CodeLayer[];
  /** Whether the file is a model itself. */
  readonly isModel: boolean;
}

const NOTHING: Code = { layers: [], isModel: false };
/** What makes parsing worth while. */
const TORCH = /\btorch\b/;
const TENSORFLOW_JS = /\blayers\s*\.|\.getLayer\b/;
const KERAS = /keras|tensorflow|\blayers\b|Conv[123]D|Dense\(/;

/** Reads code; the parsers are loaded at the first file that needs one. */
export async function readCode(language: Language, text: string): Promise<Code> {
  if (text.length > MOST_CHARACTERS) return NOTHING;
  if (language === 'json') return (await import('./json.ts')).jsonNetwork(text);
  if (language === 'prototxt') return (await import('./prototxt.ts')).prototxtNetwork(text);
  if (language === 'javascript') return { layers: await tfjsLayers(text), isModel: false };
  return { layers: [...(await kerasLayers(text)), ...(await torchLayers(text))], isModel: false };
}

const kerasLayers = async (text: string) => (KERAS.test(text) ? (await import('./python.ts')).pythonLayers(text) : []);
const tfjsLayers = async (text: string) =>
  TENSORFLOW_JS.test(text) ? (await import('./javascript.ts')).javascriptLayers(text) : [];
const torchLayers = async (text: string) => (TORCH.test(text) ? (await import('./torch.ts')).torchLayers(text) : []);

/** The model that code means, without asking anybody. `remembered`: what the user chose for this file before. */
export const modelOf = (code: CodeFile, remembered?: string): Promise<string | undefined> =>
  findModel(code, {
    settings: codeOfModels(),
    folders: (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
    remembered,
    exists: (file) =>
      stat(file).then(
        (found) => found.isFile(),
        () => false,
      ),
    list: (folder) => readdir(folder).catch(() => []),
    read: (file) => readFile(file, 'utf8').catch(() => undefined),
  });

const CHOSEN = 'layerscope.chosenModels';

/** Open files of code, each read once a version, and the models that they mean. */
export class Documents implements vscode.Disposable {
  readonly #read = new WeakMap<vscode.TextDocument, { readonly version: number; readonly code: Promise<Code> }>();

  readonly #chose = new vscode.EventEmitter<void>();
  /** The user has said which model a file means. */
  readonly onDidChoose = this.#chose.event;

  constructor(private readonly state: vscode.Memento) {}

  code(document: vscode.TextDocument): Promise<Code> {
    const known = this.#read.get(document);
    if (known?.version === document.version) return known.code;
    const language = document.languageId === 'json' ? 'json' : languageOf(document.fileName);
    const code = readCode(language, document.getText());
    this.#read.set(document, { version: document.version, code });
    return code;
  }

  /** The model that a file means, without asking anybody. */
  async model(document: vscode.TextDocument): Promise<string | undefined> {
    const { isModel } = await this.code(document);
    const path = document.uri.fsPath;
    return modelOf({ path, text: document.getText(), isModel }, this.#chosen()[path]);
  }

  /** Remembers what the user has chosen for a file. */
  async choose(file: string, model: string): Promise<void> {
    await this.state.update(CHOSEN, { ...this.#chosen(), [file]: model });
    this.#chose.fire();
  }

  dispose(): void {
    this.#chose.dispose();
  }

  #chosen(): Readonly<Record<string, string>> {
    return this.state.get(CHOSEN, {});
  }
}
