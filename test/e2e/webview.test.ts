import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { PanelHostApi } from '../../src/protocol/panel.ts';
import { violations } from '../support/axe.ts';
import { digitsPanel, sampleImage, type DigitsPanel } from '../support/digits-panel.ts';
import { THEMES, type Theme } from '../support/webview-page.ts';

describe('the panel, with the real core and without an editor', () => {
  const panel = digitsPanel();

  async function open(theme?: Theme, change?: (host: PanelHostApi) => Partial<PanelHostApi>): Promise<DigitsPanel> {
    const opened = await panel({ images: ['three', 'seven'], ...(theme && { theme }), ...(change && { change }) });
    await opened.page.getByRole('tree').waitFor();
    return opened;
  }

  const topClass = (page: Page): Promise<string | null> =>
    page.getByRole('list', { name: 'Predicted classes' }).locator('li').first().textContent();

  it.each(THEMES)('axe-core finds nothing, and no policy is broken: %s', async (theme) => {
    const opened = await open(theme);
    const { page } = opened;
    await page.getByRole('option').first().waitFor();
    expect(await violations(opened.page)).toEqual([]);
    for (const tab of ['Filters', 'Which pixels', 'Preferred stimuli']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('button', { name: /^Options/ }).click();
      await page.waitForTimeout(300);
      expect(await violations(opened.page)).toEqual([]);
    }
    await page.getByRole('button', { name: /Choose another/ }).click();
    expect(await violations(opened.page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'change', exact: true }).click();
    expect(await violations(opened.page)).toEqual([]);
    expect(opened.errors).toEqual([]);
    await page.context().close();
  });

  it('comes alive by itself: the first image, its decision, pictures in the graph', async () => {
    const { page } = await open();
    await expect.poll(() => topClass(page)).toMatch(/three/);
    await expect.poll(() => page.locator('.strip canvas').count()).toBeGreaterThan(0);
    await page.context().close();
  });

  it('goes through the graph and the tiles by keyboard', async () => {
    const { page, session } = await open();
    await page.getByRole('tree').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    const last = session.model.layers.at(-1)!.name;
    await expect.poll(() => page.locator('section.layer h2').textContent()).toBe(last);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('conv');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('section.layer h2').textContent()).toMatch(/conv/i);
    const tiles = page.getByRole('listbox', { name: /^Activations/ });
    await tiles.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => tiles.getByRole('option').nth(1).getAttribute('aria-selected')).toBe('true');
    await page.context().close();
  });

  it('an answer that comes too late changes nothing', async () => {
    const waiting: (() => void)[] = [];
    const { page } = await open('dark', (host) => ({
      run: async (id, request) => {
        const answer = await host.run(id, request);
        if (request.method === 'saliency' && request.target === undefined)
          await new Promise<void>((resolve) => waiting.push(resolve));
        return answer;
      },
    }));
    await page.getByRole('tab', { name: 'Which pixels' }).click();
    await expect.poll(() => waiting.length).toBe(1);
    await page.getByRole('tab', { name: 'Activations' }).click();
    await page.getByRole('listbox', { name: /^Activations/ }).waitFor();
    waiting[0]!();
    await page.waitForTimeout(300);
    expect(await page.getByRole('listbox', { name: /^Activations/ }).count()).toBe(1);
    await page.context().close();
  });

  it('a picture let go over the panel is classified', async () => {
    const { page } = await open();
    const strip = page.locator('.strip canvas').first();
    const painted = (): Promise<string> => strip.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    await strip.waitFor();
    await expect.poll(() => strip.getAttribute('width')).toBeTruthy();
    const before = await painted();
    const bytes = [...(await readFile(sampleImage('seven')))];
    await page.evaluate((content) => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([Uint8Array.from(content)], 'mine.png', { type: 'image/png' }));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }));
    }, bytes);
    await page.getByRole('button', { name: /^Image: mine.png/ }).waitFor();
    await expect.poll(() => topClass(page)).toMatch(/seven/);
    await expect.poll(painted).not.toBe(before);
    await page.context().close();
  });

  it('what is no picture is refused in one sentence, and the image before stays', async () => {
    const { page } = await open();
    await page.evaluate(() => {
      const dropped = new DataTransfer();
      dropped.items.add(new File(['text'], 'notes.txt'));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }));
    });
    await page.getByRole('alert').getByText('notes.txt is no picture').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => topClass(page)).toMatch(/three/);
    await page.context().close();
  });

  it('saves the mosaic and one tile as PNG, and copies the command line', async () => {
    const { page, said } = await open();
    await page.getByRole('option').first().waitFor();
    await page.getByRole('button', { name: 'Save mosaic as PNG…' }).click();
    await page.getByRole('button', { name: /^Save channel \d+ as PNG…/ }).click();
    await page.getByRole('button', { name: 'Copy as command line' }).last().click();
    await expect.poll(() => said.length).toBe(3);
    expect(said[0]).toMatch(/^save Activations-of-\w+\.png \d{3,}$/);
    expect(said[1]).toMatch(/^save Activations-of-\w+-\d+\.png \d{3,}$/);
    expect(said[2]).toMatch(/^copy layerscope run activations --layer \w+ --unit \d+$/);
    await page.context().close();
  });

  it('colours and percentile of a heatmap change without computing again', async () => {
    let runs = 0;
    const { page } = await open('dark', (host) => ({ run: (id, request) => (runs++, host.run(id, request)) }));
    await page.getByRole('tab', { name: 'Which pixels' }).click();
    const percentile = page.getByRole('slider', { name: 'Percentile' });
    await percentile.waitFor();
    const before = runs;
    await percentile.fill('90');
    await page.getByText('Map', { exact: true }).click();
    await page.getByRole('slider', { name: 'Opacity' }).fill('0.3');
    expect(runs).toBe(before);
    const classes = page.getByRole('combobox', { name: 'Class' });
    await classes.click();
    await classes.fill('nine');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Saliency for class nine' }).waitFor();
    expect(runs).toBe(before + 1);
    await page.context().close();
  });

  it('shows a value and its place under the pointer', async () => {
    const { page } = await open();
    const picture = page.getByRole('application');
    await picture.hover({ position: { x: 100, y: 120 } });
    await expect.poll(() => picture.textContent()).toMatch(/y \d+, x \d+ · [−\d]/);
    await page.context().close();
  });

  it('remembers layer, tab and width for when it comes back', async () => {
    const { page } = await open();
    await page.getByRole('tab', { name: 'Which pixels' }).click();
    await page.getByRole('separator').focus();
    await page.keyboard.press('ArrowRight');
    const kept = await page.evaluate(
      () => (globalThis as unknown as { keptState: { tab: string; split: number } }).keptState,
    );
    expect(kept.tab).toBe('saliency');
    expect(kept.split).toBeGreaterThan(300);
    await page.context().close();
  });

  it('a crash is a message with a button, and a restart takes it away', async () => {
    const { page, panel } = await open();
    await panel.crashed('The worker has ended: out of memory. Restart it to go on.');
    await page.getByRole('alert').getByText('out of memory').waitFor();
    await page.getByRole('button', { name: 'Restart' }).click();
    await expect.poll(() => page.getByText('out of memory').count()).toBe(0);
    await page.context().close();
  });

  it('colours follow the theme, pictures stay', async () => {
    const opened = await open('dark');
    const background = () => opened.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await opened.setTheme('light');
    expect(await background()).not.toBe(dark);
    await opened.page.context().close();
  });
});
