import { readFile } from 'node:fs/promises';
import path from 'node:path';
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

describe('Layerscope: Explain Image…', () => {
  it('asks for the method too, each with its sentence', async () => {
    const { workbench } = vscode.current;
    await workbench.runCommand('Layerscope: Explain Image…');
    // What is looked at stands on top.
    await workbench.quickPickEntries().first().filter({ hasText: 'digits.onnx' }).waitFor();
    await workbench.quickPick('digits.onnx');
    await workbench.quickPickEntries().filter({ hasText: 'Integrated gradients' }).waitFor();
    await vscode.current.screenshot('explain-method');
    await workbench.quickPick('Integrated gradients');
    await workbench.quickPick('five.png');
    await expect.poll(() => workbench.quickPickEntries().first().textContent()).toBe('five');
    await workbench.quickPick('five');
    const panel = await ModelPanel.inView(workbench);
    await panel.frame
      .getByRole('heading', { name: 'Integrated gradients for class five' })
      .waitFor({ timeout: 30_000 });
    await panel.waitForPrediction('five');
    await vscode.current.screenshot('explain-map');
  });

  it('a report is saved where the user says, and is one file', async () => {
    const { workbench, folder } = vscode.current;
    const panel = await ModelPanel.inView(workbench);
    await panel.openTab('Compare maps');
    await panel.button('Report…').click();
    const file = path.join(folder, 'five-report.html');
    await workbench.answerFileDialog(file);
    // The file is there before what stands in it.
    const written = () => readFile(file, 'utf8').catch(() => '');
    await expect.poll(written, { timeout: 120_000 }).toMatch(/<\/html>\s*$/i);
    const html = await written();
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).not.toMatch(/(src|href)="https?:/);
    await vscode.current.screenshot('report-saved');
  });
});
