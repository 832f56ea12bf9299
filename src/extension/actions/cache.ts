import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { showBytes } from '../../core/show-bytes.ts';
import type { Panels } from '../panels/panels.ts';
import type { Services } from '../services.ts';

/** Forgets what was computed: thumbnails on disk, and results in memory. */
export async function clearCache({ thumbnailFolder }: Services, panels: Panels): Promise<void> {
  const bytes = await folderBytes(thumbnailFolder);
  await rm(thumbnailFolder, { recursive: true, force: true });
  panels.cache.clear();
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Layerscope removed {0} of computed pictures.', showBytes(bytes)),
  );
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(path.join(folder, name)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
