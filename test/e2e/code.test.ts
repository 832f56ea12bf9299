import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/vscode/eventually.ts';
import { ModelPanel } from '../support/vscode/panel.ts';
import { session } from './session.ts';

const vscode = session();

/** The lenses in view, once they stand still. */
const lenses = async () => (await vscode.current.workbench.codeLenses().allTextContents()).map((text) => text.trim());

describe('in the code that defines the model', () => {
  it('has lenses over each layer; they open the panel at that layer', async () => {
    const { workbench, page } = vscode.current;
    await workbench.openFile('digits.py');
    await workbench.goToLine(28);
    await eventually(async () => {
      const found = await lenses();
      expect(found.filter((text) => text === 'Visualize this layer').length).toBeGreaterThanOrEqual(7);
      expect(found.filter((text) => text === 'Activations').length).toBeGreaterThanOrEqual(7);
      expect(found.filter((text) => text === 'Filters').length).toBeGreaterThanOrEqual(3);
    });
    await vscode.current.screenshot('code-lenses');
    await workbench.clickCodeLens('Filters', 1);
    const panel = await ModelPanel.inView(workbench);
    await panel.selected('conv2').waitFor();
    await panel.frame.getByRole('tab', { name: 'Filters', selected: true }).waitFor();
    await panel.waitForTiles(1);
    await panel.waitForPictures(3);
    // In the network too, where pictures have made the boxes larger meanwhile.
    await expect
      .poll(() =>
        panel.layer('conv2').evaluate((layer) => {
          const [box, around] = [layer, layer.closest('[role=tree]')!].map((one) => one.getBoundingClientRect());
          return box!.top >= around!.top && box!.bottom <= around!.bottom;
        }),
      )
      .toBe(true);
    await vscode.current.screenshot('code-beside-panel');
    // The panel that stands is told, instead of another one.
    await workbench.clickCodeLens('Visualize this layer', 0);
    await expect.poll(async () => await workbench.tab('digits.h5').count()).toBe(1);
    await page.keyboard.press('Escape');
  });

  it('has lenses in TensorFlow.js code, which mean the model that it loads', async () => {
    const { workbench, folder } = vscode.current;
    const code = [
      "model.add(tf.layers.conv2d({ filters: 16, kernelSize: 5, name: 'conv1' }));",
      "model.add(tf.layers.conv2d({ filters: 32, kernelSize: 5, name: 'conv2' }));",
      "const trained = await tf.loadLayersModel('digits-tfjs/model.json');",
    ];
    writeFileSync(path.join(folder, 'digits.js'), code.join('\n'));
    await workbench.runCommand('View: Close All Editors');
    await workbench.openFile('digits.js');
    await eventually(async () => expect((await lenses()).filter((text) => text === 'Filters')).toHaveLength(2));
    await workbench.clickCodeLens('Filters', 1);
    const panel = await ModelPanel.inView(workbench);
    await panel.selected('conv2').waitFor();
    await panel.frame.getByText('digits.js:2').waitFor();
    await vscode.current.screenshot('code-javascript');
  });

  it('shows kind, shape and parameters in a hover, and computes what the channels prefer when asked', async () => {
    const { workbench, page } = vscode.current;
    await workbench.runCommand('View: Close All Editors');
    await workbench.openFile('digits.py');
    await workbench.goToLine(24);
    await expect.poll(lenses).toContain('Visualize this layer');
    const hover = await workbench.hoverText('"conv2"');
    for (const fact of ['Conv2D', '32 × 8 × 8', '12,832']) await hover.filter({ hasText: fact }).waitFor();
    expect(await hover.locator('img').count()).toBe(0);
    await vscode.current.screenshot('hover-before');
    await hover
      .getByRole('link', { name: /prefer/i })
      .first()
      .click();
    const pictures = page.locator('.monaco-hover .hover-contents img[src^="data:image/jpeg"]');
    await pictures.first().waitFor({ timeout: 90_000 });
    await workbench.waitForIdle();
    await vscode.current.screenshot('hover-after');
    // From now on they are there at once.
    await page.keyboard.press('Escape');
    await page.mouse.move(5, 5);
    const again = await workbench.hoverText('"conv2"');
    await again.locator('img[src^="data:image/jpeg"]').first().waitFor({ timeout: 3000 });
  });

  it('has lenses in tfjs JSON, and one at its top that opens the model', async () => {
    const { workbench } = vscode.current;
    await workbench.openFile('digits-tfjs/model.json');
    await expect.poll(lenses).toContain('Inspect Model');
    await vscode.current.screenshot('json-lens');
    await workbench.clickCodeLens('Inspect Model');
    const panel = await ModelPanel.inView(workbench);
    await panel.title().filter({ hasText: 'model.json' }).waitFor();
    await panel.waitForPrediction('eight');
  });
});
