import { describe, expect, it } from 'vitest';
import { openSamples } from '../support/vscode/samples.ts';
import { ModelPanel } from '../support/vscode/panel.ts';
import type { Theme } from '../support/vscode/workbench.ts';

const THEMES: readonly Theme[] = ['light', 'hc-dark', 'hc-light'];

/** Pictures of every tab, to be looked at; and the page knows which theme it is in. */
describe.each(THEMES)('in the theme %s', (theme) => {
  it('the panel is drawn', async () => {
    const vscode = await openSamples({ theme });
    try {
      const { workbench, screenshot } = vscode;
      await workbench.explorerContextMenu('digits.h5', 'Layerscope: Inspect Model');
      const panel = await ModelPanel.inView(workbench);
      await panel.waitForPrediction('eight');
      await panel.waitForPictures(5);
      const kind = await panel.frame.locator('body').getAttribute('data-vscode-theme-kind');
      expect(kind).toBe(
        { light: 'vscode-light', 'hc-dark': 'vscode-high-contrast', 'hc-light': 'vscode-high-contrast-light' }[
          theme as string
        ],
      );
      await panel.select('conv2');
      await panel.openTab('Activations');
      await panel.waitForTiles(10);
      await screenshot(`${theme}-activations`);
      await panel.openTab('Filters');
      await panel.waitForTiles(10);
      await screenshot(`${theme}-filters`);
      await panel.openTab('Which pixels');
      await panel.detail().getByText('computed in').waitFor({ timeout: 30_000 });
      await screenshot(`${theme}-saliency`);
      await workbench.openFile('digits.py');
      await workbench.goToLine(24);
      await expect.poll(() => workbench.codeLenses().allTextContents()).toContain('Visualize this layer');
      await workbench.hoverText('"conv2"');
      await screenshot(`${theme}-code`);
    } finally {
      await vscode.stop();
    }
  });
});
