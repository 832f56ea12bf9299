import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasShared, needsShared, photo, SQUEEZENET } from '../support/shared.ts';
import { ModelPanel } from '../support/vscode/panel.ts';
import { session } from './session.ts';

const vscode = session(
  hasShared ? { add: { 'squeezenet10.onnx': SQUEEZENET, 'images/zebra.jpg': photo('zebra.jpg') } } : {},
);

describe('model files open by a click', () => {
  it('digits.onnx', async () => {
    const { workbench } = vscode.current;
    await workbench.openFile('digits.onnx');
    const panel = await ModelPanel.inView(workbench);
    await panel.title().filter({ hasText: 'digits.onnx' }).waitFor();
    await panel.waitForPrediction('eight');
    await workbench.runCommand('View: Close All Editors');
  });

  it('model.json opens as text by a click, and as a network by right-click', async () => {
    const { workbench } = vscode.current;
    await workbench.openFile('digits-tfjs/model.json');
    await workbench.explorerContextMenu('digits-tfjs/model.json', 'Layerscope: Inspect Model');
    const panel = await ModelPanel.inView(workbench);
    await panel.title().filter({ hasText: 'model.json' }).waitFor();
    await panel.waitForPrediction('eight');
    await workbench.runCommand('View: Close All Editors');
  });

  it('a damaged file: one line says what is wrong, and the panel lives', async () => {
    const { workbench, folder } = vscode.current;
    const whole = readFileSync(path.join(folder, 'digits.onnx'));
    writeFileSync(path.join(folder, 'broken.onnx'), whole.subarray(0, whole.length / 2));
    await workbench.openFile('broken.onnx');
    const frame = await workbench.webviewFrame('broken.onnx');
    const alert = frame.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/broken\.onnx/);
    await vscode.current.screenshot('broken');
    writeFileSync(path.join(folder, 'broken.onnx'), whole);
    await frame.getByRole('button', { name: 'Try again' }).click();
    const panel = await ModelPanel.inView(workbench);
    await panel.layer('conv1').waitFor();
    await workbench.runCommand('View: Close All Editors');
  });

  it.skipIf(!hasShared)(`a network with branches: SqueezeNet${needsShared}`, async () => {
    const { workbench } = vscode.current;
    await workbench.openFile('squeezenet10.onnx');
    const panel = await ModelPanel.inView(workbench);
    await panel.chooseImage('zebra.jpg');
    await panel.waitForPrediction('zebra');
    await panel.waitForPictures(10);
    await vscode.current.screenshot('squeezenet');
    await workbench.runCommand('View: Close All Editors');
  });
});
