import * as vscode from 'vscode';
import { modelFiles, nameAndPlace } from '../files.ts';
import { OWN_EXTENSIONS, SHARED_EXTENSIONS } from '../model-files.ts';
import { imageChoices, pickImage } from '../panels/images.ts';

interface FileItem extends vscode.QuickPickItem {
  readonly file?: string;
  readonly sample?: boolean;
}

/** What was answered before is not lost when a panel or a message takes the focus; Escape leaves. */
export const STAYS_OPEN = { ignoreFocusOut: true } as const;

interface ModelChoice {
  /** Models that are looked at: these stand on top. */
  readonly open?: readonly string[];
  /** One that is not meant. */
  readonly but?: string;
  /** Where the workspace has none: another one to try with. */
  readonly sample?: () => Promise<string>;
}

/** A model file of the workspace, or any other by the file picker; undefined when the user leaves it. */
export async function chooseModel(
  title: string,
  { open = [], but, sample }: ModelChoice = {},
): Promise<string | undefined> {
  const files = [...new Set([...open, ...(await modelFiles())])].filter((file) => file !== but);
  const items: FileItem[] = files.map((file) => {
    const { name, detail } = nameAndPlace(file);
    return { label: name, description: detail, file };
  });
  const browse: FileItem = { label: vscode.l10n.t('$(folder-opened) Choose a file…'), alwaysShow: true };
  const trial: FileItem[] =
    sample && !files.length
      ? [
          {
            label: vscode.l10n.t('$(mortar-board) Use the sample network'),
            description: vscode.l10n.t('handwritten digits'),
            sample: true,
          },
        ]
      : [];
  const placeHolder = files.length
    ? vscode.l10n.t('Which model?')
    : vscode.l10n.t('No model files (.onnx, .keras, .h5, .pb, .safetensors, .caffemodel …) in this workspace');
  const chosen = await vscode.window.showQuickPick([...items, browse, ...trial], {
    title,
    placeHolder,
    matchOnDescription: true,
  });
  if (!chosen) return undefined;
  if (chosen.sample) return sample?.();
  if (chosen.file !== undefined) return chosen.file;
  const [file] =
    (await vscode.window.showOpenDialog({
      title,
      openLabel: vscode.l10n.t('Use Model'),
      filters: { [vscode.l10n.t('Models')]: [...OWN_EXTENSIONS, ...SHARED_EXTENSIONS, 'bin', 'prototxt', 'json'] },
    })) ?? [];
  return file?.fsPath;
}

/** A sample image of the model, one of the workspace, or any other; undefined when the user leaves it. */
export async function chooseImage(
  title: string,
  model: string,
  sampleFolder: string | undefined,
): Promise<string | undefined> {
  const items: FileItem[] = (await imageChoices(model, sampleFolder)).map(({ path: file, name, detail }) => ({
    label: name,
    description: detail,
    iconPath: vscode.Uri.file(file),
    file,
  }));
  const browse: FileItem = { label: vscode.l10n.t('$(folder-opened) Choose a file…'), alwaysShow: true };
  const chosen = await vscode.window.showQuickPick([...items, browse], {
    title,
    placeHolder: vscode.l10n.t('Which image?'),
    matchOnDescription: true,
    ...STAYS_OPEN,
  });
  if (!chosen) return undefined;
  return chosen.file ?? (await pickImage(model))?.path;
}
