import { describe, expect, it } from 'vitest';
import { ModelPanel } from '../support/vscode/panel.ts';
import { session } from './session.ts';

const vscode = session();

describe('Layerscope: Saliency on Image…', () => {
  it('asks for model, image and class, the likely ones first, and lays the map over the image', async () => {
    const { workbench } = vscode.current;
    await workbench.runCommand('Layerscope: Saliency on Image…');
    await workbench.quickPickEntries().filter({ hasText: 'digits.onnx' }).waitFor();
    await workbench.quickPick('digits.onnx');
    await workbench.quickPickEntries().filter({ hasText: 'four.png' }).waitFor();
    await vscode.current.screenshot('saliency-image');
    await workbench.quickPick('four.png');
    await workbench.quickPickEntries().filter({ hasText: 'four' }).first().waitFor();
    expect(await workbench.quickPickEntries().first().textContent()).toBe('four');
    await vscode.current.screenshot('saliency-class');
    await workbench.quickPick('nine');
    const panel = await ModelPanel.inView(workbench);
    await panel.frame.getByRole('tab', { name: 'Which pixels', selected: true }).waitFor();
    await panel.detail().getByText('computed in').waitFor({ timeout: 30_000 });
    await panel.waitForPrediction('four');
    await expect.poll(() => panel.frame.getByRole('combobox', { name: 'Class' }).inputValue()).toBe('nine');
    await vscode.current.screenshot('saliency-map');
  });
});
