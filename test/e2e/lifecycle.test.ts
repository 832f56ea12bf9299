import { describe, expect, it } from 'vitest';
import { ModelPanel } from '../support/vscode/panel.ts';
import { session } from './session.ts';

const vscode = session();

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
    const { workbench, page } = vscode.current;
    const before = await ModelPanel.inView(workbench);
    await before.select('conv2');
    await before.openTab('Filters');
    const loaded = page.waitForEvent('load');
    await workbench.runCommand('Developer: Reload Window');
    await loaded;
    await workbench.waitForReady('dark');
    const panel = await ModelPanel.inView(workbench);
    await panel.selected('conv2').waitFor();
    await panel.frame.getByRole('tab', { name: 'Filters', selected: true }).waitFor();
    await panel.button('Image: two.png. Choose another').waitFor();
    await panel.waitForPrediction('two');
  });
});
