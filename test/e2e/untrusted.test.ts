import { describe, expect, it } from 'vitest';
import { ModelPanel } from '../support/vscode/panel.ts';
import { session } from './session.ts';

const vscode = session({ trust: false });

describe('in a workspace that is not trusted', () => {
  it('everything works, as nothing of the workspace is executed', async () => {
    const { workbench, page } = vscode.current;
    await page.getByText('Restricted Mode').first().waitFor();
    await workbench.openFile('digits.onnx');
    const panel = await ModelPanel.inView(workbench);
    await panel.waitForPrediction('eight');
    await panel.openTab('Which pixels');
    await panel.detail().getByText('computed in').waitFor({ timeout: 30_000 });
    await vscode.current.screenshot('untrusted');
    await workbench.openFile('digits.py');
    await workbench.goToLine(24);
    await expect.poll(() => workbench.codeLenses().allTextContents()).toContain('Visualize this layer');
  });
});
