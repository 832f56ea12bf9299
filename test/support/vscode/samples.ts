import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROJECT, startVSCode, type VSCode, type VSCodeOptions } from './start.ts';

export interface SamplesOptions extends Omit<VSCodeOptions, 'workspace'> {
  /** Files or folders to copy beside the samples: where from, by name. */
  readonly add?: Readonly<Record<string, string>>;
}

/** A copy of the sample workspace, with what is added to it. */
export function copySamples(add: Readonly<Record<string, string>> = {}): { folder: string; remove(): void } {
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'layerscope-workspace-'));
  const folder = path.join(temporary, 'samples');
  cpSync(path.join(PROJECT, 'media/samples'), folder, { recursive: true });
  for (const [name, from] of Object.entries(add)) cpSync(from, path.join(folder, name), { recursive: true });
  return { folder, remove: () => rmSync(temporary, { recursive: true, force: true }) };
}

/** VS Code on a copy of the sample workspace, so that what a test writes is gone afterwards. */
export async function openSamples({ add, ...options }: SamplesOptions = {}): Promise<VSCode & { folder: string }> {
  const { folder, remove } = copySamples(add);
  try {
    // Says which package to test in place of the working tree: npm run package makes one.
    const vsix = process.env.LAYERSCOPE_VSIX;
    const vscode = await startVSCode({ ...(vsix && { vsix }), ...options, workspace: folder });
    const stop = async () => {
      await vscode.stop();
      remove();
    };
    if (!options.tests)
      await vscode.workbench.waitForCommand('Layerscope: Inspect Model').catch(async (error) => {
        await stop();
        throw error;
      });
    return { ...vscode, folder, stop };
  } catch (error) {
    remove();
    throw error;
  }
}
