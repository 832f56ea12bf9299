import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelPanel } from '../support/vscode/panel.ts';
import { startVSCode, type VSCode } from '../support/vscode/start.ts';

describe('a workspace without a model', () => {
  const workspace = mkdtempSync(path.join(os.tmpdir(), 'layerscope-empty-'));
  let vscode: VSCode;
  beforeAll(async () => {
    writeFileSync(path.join(workspace, 'notes.md'), '# Notes\n');
    vscode = await startVSCode({ workspace });
  });
  afterAll(async () => {
    await vscode?.stop();
    rmSync(workspace, { recursive: true });
  });

  it('says so where a model is asked for, and has a sample to try', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Layerscope: Inspect Model');
    const sample = workbench.quickPickEntries().filter({ hasText: 'Use the sample network' });
    await sample.waitFor();
    expect(await workbench.quickPickEntries().count()).toBe(2);
    await sample.click();
    const panel = await ModelPanel.inView(workbench);
    await panel.waitForPrediction('eight');
    await workbench.runCommand('View: Close All Editors');
  });

  it('opens the sample by a command, again and again, and offers its folder', async () => {
    const { workbench } = vscode;
    await workbench.runCommand('Layerscope: Open Sample Network');
    const panel = await ModelPanel.inView(workbench);
    await panel.waitForPrediction('eight');
    const note = await workbench.notification('reads handwritten digits');
    await note.getByRole('button', { name: 'Open Its Folder' }).waitFor();
  });
});
