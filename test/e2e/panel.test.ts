import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type Axe from 'axe-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/vscode/eventually.ts';
import { ModelPanel } from '../support/vscode/panel.ts';
import { PROJECT } from '../support/vscode/start.ts';
import { session } from './session.ts';

const vscode = session();
let panel: ModelPanel;

/** What the panel shows in its largest picture, to see that it changes. */
const picture = () =>
  panel
    .probe()
    .locator('canvas')
    .last()
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

describe('right-click on a model file → Inspect Model', () => {
  beforeAll(async () => {
    await vscode.current.workbench.explorerContextMenu('digits.h5', 'Layerscope: Inspect Model');
    panel = await ModelPanel.inView(vscode.current.workbench);
  });

  it('draws the network from the image to the decision, with a picture in its boxes', async () => {
    await panel.waitForPrediction('eight');
    await panel.waitForPictures(5);
    const names = await panel.layers().evaluateAll((items) => items.map((item) => item.getAttribute('data-name')));
    for (const name of ['conv1', 'pool1', 'conv2', 'pool2', 'conv3', 'hidden', 'digits']) expect(names).toContain(name);
    const tops = await Promise.all(['conv1', 'conv2', 'conv3', 'digits'].map((name) => top(name)));
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    await vscode.current.screenshot('panel');
  });

  const top = async (name: string) => (await panel.layer(name).boundingBox())!.y;

  it('shows the selected layer: what it is, and the tabs that it can have', async () => {
    await panel.select('conv2');
    await expect
      .poll(() => panel.tabs().allTextContents())
      .toEqual(expect.arrayContaining(['Filters', 'Activations', 'Preferred stimuli', 'Which pixels', 'Compare maps']));
    const region = panel.frame.getByRole('region', { name: 'The selected layer' });
    for (const fact of ['Conv2D', '32 × 8 × 8', '12,832', '14 px']) await region.filter({ hasText: fact }).waitFor();
    await panel.select('pool1');
    expect(await panel.tabs().allTextContents()).not.toContain('Filters');
  });

  it('shows a tile for each filter', async () => {
    await panel.select('conv1');
    await panel.openTab('Filters');
    await panel.waitForTiles(16);
    await vscode.current.screenshot('panel-filters');
  });

  it('shows a tile for each channel’s activation; a tile enlarges, and is read under the pointer', async () => {
    await panel.select('conv1');
    await panel.openTab('Activations');
    await panel.waitForTiles(10);
    expect(await panel.tiles().count()).toBe(16);
    await panel.tiles().nth(5).click();
    const channel = /^\d+/.exec((await panel.tiles().nth(5).getAttribute('aria-label'))!)![0];
    await panel
      .detail()
      .getByRole('heading', { name: `Channel ${channel}` })
      .waitFor();
    const box = (await panel.probe().boundingBox())!;
    await vscode.current.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await panel
      .probe()
      .getByText(/^y 1[12], x 1[12] · -?[\d.,e]+/)
      .first()
      .waitFor();
    await vscode.current.screenshot('panel-activations');
  });

  it('another image changes the decision and every picture', async () => {
    await panel.select('conv2');
    await panel.openTab('Activations');
    await panel.waitForTiles(10);
    const before = await picture();
    await panel.chooseImage('three.png');
    await panel.waitForPrediction('three');
    await expect.poll(picture).not.toBe(before);
    await panel.chooseImage('six.png');
    await panel.waitForPrediction('six');
  });

  it('lays the saliency over the image; opacity, colours and percentile compute nothing again', async () => {
    await panel.openTab('Which pixels');
    await panel.detail().getByText('computed in').waitFor({ timeout: 30_000 });
    const time = await panel.detail().getByRole('definition').last().textContent();
    const before = await picture();
    await panel.frame.getByRole('slider', { name: 'Percentile' }).fill('90');
    await expect.poll(picture).not.toBe(before);
    await panel.frame.getByRole('slider', { name: 'Opacity' }).fill('0.4');
    expect(await panel.progress().count()).toBe(0);
    expect(await panel.detail().getByRole('definition').last().textContent()).toBe(time);
    await vscode.current.screenshot('panel-saliency');
  });

  it('makes preferred stimuli while one watches; paused, others have their turn; Cancel keeps the pictures', async () => {
    await panel.select('conv3');
    await panel.openTab('Preferred stimuli');
    await panel.button('Make pictures').click();
    await panel.waitForTiles(9);
    await panel.button('Pause').click();
    await panel.frame.getByText(/^Paused · /).waitFor();

    await panel.frame.getByText(/the next for six/).waitFor();
    await panel.button('Make pictures').click();
    await panel.button('Pause').waitFor();
    await panel.button('Pause').waitFor({ state: 'detached', timeout: 120_000 });
    await panel.waitForTiles(18);
    await vscode.current.screenshot('panel-preferred-stimuli');

    await panel.button('Go on').click();
    await panel.button('Pause').waitFor();
    await panel.button('Cancel').click();
    await panel.frame.getByText('Cancelled; what was there stays.').waitFor({ timeout: 5000 });
    await panel.waitForTiles(18);
    await panel.button('Start again').click();
    await panel.button('Cancel').waitFor();
    await panel.button('Cancel').waitFor({ state: 'detached', timeout: 120_000 });
    expect(await panel.frame.getByText('Cancelled; what was there stays.').count()).toBe(0);
  });

  it('copies the map as a picture, and a command line that makes it again in a terminal', async () => {
    await panel.select('conv2');
    await panel.openTab('Which pixels');
    await panel.detail().getByText('computed in').waitFor({ timeout: 30_000 });
    await panel
      .button(/^Copy .* as PNG$/)
      .first()
      .click();
    const copied = () =>
      vscode.current.page.evaluate(async () => (await navigator.clipboard.read()).flatMap(({ types }) => types));
    await expect.poll(copied).toEqual(['image/png']);
    await panel.button('Copy as command line').first().click();
    const command = await eventually(async () => {
      const text = await vscode.current.page.evaluate(() => navigator.clipboard.readText());
      expect(text).toMatch(/layerscope run saliency /);
      return text;
    });
    const out = mkdtempSync(path.join(os.tmpdir(), 'layerscope-out-'));
    try {
      const line = command.replace(/^.*?layerscope run/, `node ${path.join(PROJECT, 'dist/cli.cjs')} run`);
      const shell = line.includes('--out') ? line.replace(/--out (\S+)/, `--out ${out}`) : `${line} --out ${out}`;
      execFileSync('sh', ['-c', shell], { cwd: vscode.current.folder, stdio: 'pipe' });
      const result = JSON.parse(readFileSync(path.join(out, 'result.json'), 'utf8'));
      expect(result).toMatchObject({ method: 'saliency', targetLabel: 'six' });
    } finally {
      rmSync(out, { recursive: true });
    }
  });

  it('finds a layer by its name, and goes through the network by keyboard', async () => {
    await panel.search().fill('conv3');
    await vscode.current.page.keyboard.press('Enter');
    await panel.selected('conv3').waitFor();
    await vscode.current.page.keyboard.press('Escape');
    await panel.network().focus();
    await vscode.current.page.keyboard.press('ArrowUp');
    await vscode.current.page.keyboard.press('Enter');
    await panel.selected('pool2').waitFor();
  });

  it('has nothing that axe objects to', async () => {
    const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
    await panel.openTab('Activations');
    await panel.waitForTiles(10);
    await panel.frame.evaluate(readFileSync(axe, 'utf8'));
    const violations = await panel.frame.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof Axe };
      const results = await axe.run(document, { resultTypes: ['violations'] });
      return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    expect(violations).toEqual([]);
  });
});
