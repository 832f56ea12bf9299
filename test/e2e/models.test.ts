import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelPanel } from '../support/vscode/panel.ts';
import { session } from './session.ts';

const vscode = session();
const pairs = (panel: ModelPanel) => panel.frame.getByRole('listbox', { name: /unit by unit/ });

describe('Layerscope: Compare with Model…', () => {
  it('on two files chosen in the explorer shows both, and where they differ', async () => {
    const { workbench } = vscode.current;
    await (await workbench.explorerRow('digits.h5')).click();
    await workbench.tab('digits.h5').waitFor();
    await workbench.waitForIdle(); // the explorer selects what has opened once more
    const other = await workbench.explorerRow('digits.onnx');
    await other.click({ modifiers: ['ControlOrMeta'] });
    await workbench.explorerContextMenu('digits.onnx', 'Layerscope: Compare with Model…');
    const panel = await ModelPanel.inView(workbench);
    await pairs(panel).waitFor({ timeout: 60_000 });
    const said = panel.frame.getByRole('region', { name: 'Two models' });
    await said.filter({ hasText: /digits\.(h5|onnx) with b digits\.(h5|onnx)/ }).waitFor();
    // The same network in two formats.
    expect(await pairs(panel).getByRole('option').first().textContent()).toMatch(/equal/);
    await vscode.current.screenshot('two-models');
    await panel.frame.locator('[data-name="conv2"]').first().click();
    await said.getByRole('heading', { name: 'conv2' }).waitFor();
    await panel.button('End the comparison').click();
    await panel.selected('conv2').waitFor();
    await workbench.runCommand('View: Close All Editors');
  });

  it('on one file asks for the other', async () => {
    const { workbench } = vscode.current;
    await workbench.explorerContextMenu('digits.onnx', 'Layerscope: Compare with Model…');
    await workbench.quickPick('digits.h5');
    const panel = await ModelPanel.inView(workbench);
    await pairs(panel).waitFor({ timeout: 60_000 });
    await panel.button('End the comparison').click();
  });
});

describe('Live', () => {
  it('says that there is no camera, and shows a folder of frames, as fast as it can', async () => {
    const panel = await ModelPanel.inView(vscode.current.workbench);
    await panel.select('conv1');
    await panel.button('Live').click();
    await panel.button('Camera').click();
    await panel.frame.getByRole('alert').getByText('Choose a folder of frames or a film instead.').waitFor();
    const folder = path.join(vscode.current.folder, 'images');
    await panel.frame.getByLabel('A folder of frames').setInputFiles(folder);
    const rate = panel.frame.getByText(/\d frames a second/);
    await rate.waitFor({ timeout: 30_000 });
    await panel.frame.getByRole('list', { name: 'Predicted classes, live' }).waitFor();
    await expect
      .poll(async () => Number.parseFloat((await rate.textContent())!), { timeout: 10_000 })
      .toBeGreaterThan(5);
    await vscode.current.screenshot('live');
    await panel.layer('conv2').click();
    await panel.frame.getByRole('heading', { name: 'conv2' }).waitFor();
    await panel.button('End live activations').click();
    await panel.selected('conv2').waitFor();
  });
});
