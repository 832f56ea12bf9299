import { describe, expect, it } from 'vitest';
import { ModelPanel } from '../support/vscode/panel.ts';
import { session } from './session.ts';

const vscode = session();

const reload = async () => {
  const { workbench, page } = vscode.current;
  const loaded = page.waitForEvent('load');
  await workbench.runCommand('Developer: Reload Window');
  await loaded;
  await workbench.waitForReady('dark');
};

describe('the child process and the window', () => {
  it('a crash of the worker is a message with Restart, which works', async () => {
    const { workbench, processes } = vscode.current;
    await workbench.openFile('digits.onnx');
    const panel = await ModelPanel.inView(workbench);
    await panel.waitForPrediction('eight');
    const [worker, ...others] = processes('worker.cjs');
    expect(others).toEqual([]);
    process.kill(worker!, 'SIGKILL');
    await panel.button('Restart').waitFor();
    await panel.layer('conv1').waitFor(); // what was drawn stays
    await vscode.current.screenshot('crashed');
    await panel.button('Restart').click();
    await panel.button('Restart').waitFor({ state: 'detached' });
    await panel.chooseImage('two.png');
    await panel.waitForPrediction('two');
    expect(processes('worker.cjs')).toHaveLength(1);
  });

  it('after a reload of the window the panel is there again, with its layer, tab and image', async () => {
    const { workbench } = vscode.current;
    const before = await ModelPanel.inView(workbench);
    await before.select('conv2');
    await before.openTab('Filters');
    await reload();
    const panel = await ModelPanel.inView(workbench);
    await panel.selected('conv2').waitFor();
    await panel.frame.getByRole('tab', { name: 'Filters', selected: true }).waitFor();
    await panel.button('Image: two.png. Choose another').waitFor();
    await panel.waitForPrediction('two');
  });

  it('thumbnails of a whole model that were paused are so after a reload, and go on', async () => {
    const { workbench, page } = vscode.current;
    const item = page.locator('.statusbar-item', { hasText: 'Thumbnails:' });
    await workbench.runCommand('Layerscope: Compute Thumbnails of All Layers');
    await item.filter({ hasText: /layer \d+ of \d+/ }).waitFor();
    await item.locator('a').click();
    await item.filter({ hasText: 'paused' }).waitFor();
    await reload();
    await item.filter({ hasText: 'paused' }).waitFor();
    await item.locator('a').click();
    await workbench.notification('layers are there').then((note) => note.waitFor({ timeout: 120_000 }));
    expect(await item.count()).toBe(0);
  });
});
