import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { OpenOptions } from '../../protocol/worker.ts';
import { SECTION } from '../commands.ts';
import type { CodeOfModel } from './find-model.ts';

/** An entry of `layerscope.models`, as package.json defines it. */
interface ModelSetting extends Pick<OpenOptions, 'input' | 'labels' | 'sampleImages'> {
  readonly code?: readonly string[];
}

interface Entry {
  /** Absolute. */
  readonly model: string;
  readonly setting: ModelSetting;
  readonly root: string;
}

/** What the settings say of a model: how it is to be opened. */
export function modelOptions(model: string): OpenOptions {
  const engine = vscode.workspace.getConfiguration(SECTION).get<string>('engine');
  const { setting, root } = entries().find((entry) => entry.model === path.normalize(model)) ?? {};
  const absolute = (file: string) => {
    const inRoot = path.resolve(root ?? '', file);
    return existsSync(inRoot) ? inRoot : file;
  };
  const { input, labels, sampleImages } = setting ?? {};
  return {
    ...(engine !== undefined && engine !== 'auto' && { engine }),
    ...(input && { input }),
    ...(labels !== undefined && { labels: typeof labels === 'string' ? absolute(labels) : labels }),
    ...(sampleImages !== undefined && { sampleImages: absolute(sampleImages) }),
  };
}

/** Which code the settings tie to which model. */
export const codeOfModels = (): CodeOfModel[] =>
  entries().map(({ model, setting, root }) => ({ model, root, code: setting.code ?? [] }));

function entries(): Entry[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.flatMap(({ uri }) => {
    const models = vscode.workspace.getConfiguration(SECTION, uri).get<Record<string, ModelSetting>>('models') ?? {};
    return Object.entries(models)
      .filter(([, setting]) => typeof setting === 'object' && setting !== null)
      .map(([file, setting]) => ({ model: path.resolve(uri.fsPath, file), setting, root: uri.fsPath }));
  });
}
