// Takes the README's pictures anew, in the dark and the light theme: npm run screenshots
import path from 'node:path';
import { ModelPanel } from '../test/support/vscode/panel.ts';
import { openSamples } from '../test/support/vscode/samples.ts';
import { PROJECT } from '../test/support/vscode/start.ts';

const LONG = 120_000;

for (const theme of ['dark', 'light'] as const) {
  const vscode = await openSamples({
    theme,
    size: { width: 1360, height: 850 },
    deviceScaleFactor: 1.5,
    screenshots: path.join(PROJECT, 'docs/pictures'),
  });
  const { workbench, page } = vscode;
  const picture = async (name: string) => {
    await workbench.waitForIdle();
    console.log(await vscode.screenshot(`${name}-${theme}`));
  };
  try {
    await workbench.openFile('digits.py');
    await workbench.goToLine(28);
    await workbench.codeLenses().first().waitFor();
    const hover = await workbench.hoverText('"conv3"');
    await hover
      .getByRole('link', { name: /prefer/i })
      .first()
      .click();
    await page.locator('.monaco-hover .hover-contents img[src^="data:image/jpeg"]').first().waitFor({ timeout: LONG });
    await picture('hover');
    await workbench.runCommand('View: Close All Editors');

    await workbench.openFile('digits.onnx');
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    const panel = await ModelPanel.inView(workbench);
    await panel.chooseImage('three.png');
    await panel.waitForPrediction('three');
    await panel.waitForPictures(5);
    await panel.select('conv2');
    await panel.openTab('Activations');
    await panel.waitForTiles(16);
    await picture('panel');
    await panel.openTab('Which pixels');
    await panel.detail().getByText('computed in').waitFor();
    await picture('saliency');
    await panel.openTab('Compare maps');
    await panel.button('Cancel').waitFor({ state: 'detached', timeout: LONG });
    await panel.frame.getByRole('list', { name: 'Maps of several methods' }).getByRole('application').nth(8).waitFor();
    await picture('compare-maps');
    await panel.select('conv3');
    await panel.openTab('Preferred stimuli');
    await panel.button('Make pictures').click();
    await panel.button('Cancel').waitFor();
    await panel.button('Cancel').waitFor({ state: 'detached', timeout: LONG });
    await picture('preferred-stimuli');
  } finally {
    await vscode.stop();
  }
}
