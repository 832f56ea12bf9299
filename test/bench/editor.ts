// What a user waits for in the editor: from the right-click's choice to the graph drawn, the extension's activation as VS Code
// itself reports it, and the memory of the child process after working on SqueezeNet (or, without it, on the sample).
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hasShared, photo, SQUEEZENET } from '../support/shared.ts';
import { PROJECT, startVSCode } from '../support/vscode/start.ts';

/** Named seconds; the memory in MB. */
export async function measureEditor(): Promise<readonly (readonly [name: string, value: number])[]> {
  const workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'layerscope-bench-'));
  const model = hasShared ? SQUEEZENET : path.join(PROJECT, 'media/samples/digits.onnx');
  const name = path.basename(model);
  fs.copyFileSync(model, path.join(workspace, name));
  if (hasShared) fs.copyFileSync(photo('zebra.jpg'), path.join(workspace, 'zebra.jpg'));
  const vscode = await startVSCode({ workspace });
  try {
    const { workbench, page } = vscode;
    const row = await workbench.explorerRow(name);
    const draw = async () => {
      await row.click({ button: 'right' });
      const item = workbench.menuItem('Layerscope: Inspect Model');
      await item.waitFor();
      await page.waitForTimeout(300); // a menu ignores clicks at first
      const started = performance.now();
      await item.click();
      const frame = await workbench.webviewFrame();
      await frame.getByRole('treeitem').first().waitFor();
      return (performance.now() - started) / 1000;
    };
    const cold = await draw();
    const memory = await peakMemory();
    await workbench.runCommand('View: Close All Editors');
    const warm = await draw();
    await workbench.runCommand('Developer: Show Running Extensions');
    const extension = page.locator('.runtime-extensions-editor .extension', { hasText: 'Layerscope' });
    const activation = await extension.locator('.activation-time').first().textContent();
    return [
      [`editor: right-click to graph, ${name}, first time`, cold],
      [`editor: right-click to graph, ${name}, again`, warm],
      ['editor: activation of the extension', Number(/(\d+)\s*ms/.exec(activation ?? '')?.[1]) / 1000],
      ['editor: memory of the child process, peak', memory],
    ];
  } finally {
    await vscode.stop();
    fs.rmSync(workspace, { recursive: true, force: true });
  }
}

/** The largest memory that the extension's child process ever had, in MB (Linux: /proc). */
async function peakMemory(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 4000)); // the previews come after the graph
  const worker = path.join(PROJECT, 'dist/worker.cjs');
  for (const pid of fs.readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      if (!fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(worker)) continue;
      return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
    } catch {
      // it has ended meanwhile
    }
  }
  throw new Error('the child process was not found');
}
