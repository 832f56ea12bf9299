import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/vscode/eventually.ts';
import { ModelPanel } from '../support/vscode/panel.ts';
import { session } from './session.ts';

const LONG = 120_000;

describe.each(['dark', 'light'] as const)('small pictures of whole layers and networks, in the theme %s', (theme) => {
  const vscode = session({ theme });
  const tiles = (frame: Frame) => frame.getByRole('listbox').getByRole('option');
  const captions = (frame: Frame) => frame.getByRole('listbox').locator('.caption .name').allTextContents();
  const gallery = (title: string) => vscode.current.workbench.webviewFrame(title);

  it('computes those of all layers in the background; its item in the status bar pauses and goes on', async () => {
    const { workbench, page } = vscode.current;
    await workbench.runCommand('Layerscope: Compute Thumbnails of All Layers');
    await workbench.quickPick('digits.h5');
    const item = page.locator('.statusbar-item', { hasText: 'Thumbnails:' });
    await item.filter({ hasText: /layer \d of 8/ }).waitFor({ timeout: LONG });
    await item.locator('a').click();
    await item.filter({ hasText: 'paused' }).waitFor();
    await vscode.current.screenshot(`thumbnails-paused-${theme}`);
    const far = /layer \d/.exec((await item.textContent())!)![0];
    await page.waitForTimeout(1500);
    expect(await item.textContent()).toContain(far);
    await item.locator('a').click();
    await item.filter({ hasNotText: 'paused' }).waitFor();
    await workbench.notification('thumbnails of 8 layers are there').then((note) => note.waitFor({ timeout: LONG }));
    expect(await item.count()).toBe(0);
  });

  it('a hover has them at once, of classes with their names', async () => {
    const { workbench, page } = vscode.current;
    await workbench.openFile('digits.py');
    await workbench.goToLine(30);
    await expect.poll(() => workbench.codeLenses().count()).toBeGreaterThan(2);
    const hover = await workbench.hoverText('"conv3"');
    await hover.locator('img[src^="data:image/jpeg"]').nth(8).waitFor({ timeout: 5000 });
    await workbench.waitForIdle();
    await vscode.current.screenshot(`hover-channels-${theme}`);
    await page.keyboard.press('Escape');
    const classes = await workbench.hoverText('"digits"');
    await expect.poll(() => classes.locator('td img, th img').count()).toBe(9);
    for (const name of ['zero', 'eight']) await classes.getByText(name, { exact: true }).waitFor();
    await workbench.waitForIdle();
    await vscode.current.screenshot(`hover-classes-${theme}`);
    await page.keyboard.press('Escape');
  });

  it('a layer’s gallery fills by itself, is sorted and enlarged, and opens a unit in the panel', async () => {
    const { workbench, page } = vscode.current;
    await workbench.runCommand('View: Close All Editors');
    await workbench.explorerContextMenu('digits.h5', 'Layerscope: Inspect Model');
    const panel = await ModelPanel.inView(workbench);
    await panel.waitForPrediction('eight');
    await panel.select('digits');
    await panel.frame.getByText('Gallery…').click();
    const frame = await gallery('digits.h5: digits');
    await frame.getByText('10 pictures').waitFor({ timeout: LONG });
    expect(await captions(frame)).toEqual([
      'zero',
      'one',
      'two',
      'three',
      'four',
      'five',
      'six',
      'seven',
      'eight',
      'nine',
    ]);
    const drawn = (images: Element[]) => images.filter((image) => (image as HTMLImageElement).naturalWidth > 0).length;
    await expect.poll(() => tiles(frame).locator('img').evaluateAll(drawn)).toBe(10);
    await vscode.current.screenshot(`gallery-classes-${theme}`);

    const sort = frame.getByRole('combobox', { name: 'Sort' });
    await sort.click();
    await frame.getByRole('option', { name: 'by name' }).click();
    await expect
      .poll(() => captions(frame))
      .toEqual(['eight', 'five', 'four', 'nine', 'one', 'seven', 'six', 'three', 'two', 'zero']);
    await sort.click();
    await frame.getByRole('option', { name: 'by activation' }).click();
    await expect.poll(async () => (await captions(frame))[0]).toBe('eight');

    const width = async () => (await tiles(frame).first().boundingBox())!.width;
    const before = await width();
    await frame.getByRole('listbox').focus();
    await page.keyboard.press('+');
    await expect.poll(width).toBeGreaterThan(before);
    await frame.getByRole('listbox').hover();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -300);
    await page.keyboard.up('Control');
    await expect.poll(width).toBeGreaterThan(before * 1.2);
    await frame.getByRole('slider', { name: 'Size' }).fill('200');
    await expect.poll(width).toBe(200);
    await vscode.current.screenshot(`gallery-large-${theme}`);

    await tiles(frame).first().click();
    const large = frame.getByRole('dialog', { name: 'eight' });
    await large.locator('img').waitFor();
    await vscode.current.screenshot(`gallery-enlarged-${theme}`);
    await large.getByRole('button', { name: 'Open in the panel' }).click();
    const opened = await eventually(() => ModelPanel.inView(workbench));
    await opened.frame.getByRole('tab', { name: 'Preferred stimuli', selected: true }).waitFor();
    await vscode.current.screenshot(`gallery-opened-unit-${theme}`);
  });

  it('is saved as one file, with what was missing', async () => {
    const { workbench, folder } = vscode.current;
    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand('Layerscope: Open Gallery of a Layer…');
    await workbench.quickPick('digits.h5');
    await workbench.quickPick('conv2');
    const frame = await gallery('digits.h5: conv2');
    await frame.getByRole('button', { name: 'Pause' }).click();
    await frame.getByText(/paused/).waitFor();
    await vscode.current.screenshot(`gallery-paused-${theme}`);
    await frame.getByRole('button', { name: 'Export…' }).click();
    if (!(await frame.getByText(/^0 of 32/).count())) await workbench.quickPick('All 32');
    await workbench.answerFileDialog(path.join(folder, 'digits-conv2.html'));
    await workbench.notification('digits-conv2.html (32 pictures').then((note) => note.waitFor({ timeout: LONG }));
    const html = readFileSync(path.join(folder, 'digits-conv2.html'), 'utf8');
    expect(html.match(/<figure /g)).toHaveLength(32);
    expect(html).not.toMatch(/<script|https?:/);
  });
});
