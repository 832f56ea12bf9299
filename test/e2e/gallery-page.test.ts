import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ThumbnailStore } from '../../src/core/gallery/thumbnail-store.ts';
import { encodePng } from '../../src/core/images/png.ts';
import { findLayer } from '../../src/core/layers.ts';
import { openSession } from '../../src/core/open.ts';
import { violations } from '../support/axe.ts';
import { openGalleryPage, startWorker } from '../support/gallery-page.ts';
import { hasShared, SQUEEZENET } from '../support/shared.ts';
import { launchChromium, THEMES, type Theme } from '../support/webview-page.ts';

const DIGITS = path.join(import.meta.dirname, '../../media/samples/digits.onnx');
const LONG = 60_000;

describe('the page of a gallery, with the real worker and without an editor', () => {
  const worker = startWorker();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerscope-gallery-page-'));
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    worker.dispose();
    fs.rmSync(folder, { recursive: true });
  });

  async function open(layer: string, { model = DIGITS, theme = 'dark' as Theme, cache = 'cache' } = {}) {
    const said: string[] = [];
    const cacheFolder = path.join(folder, cache);
    const opened = await openGalleryPage(browser, { worker, model, layer, cacheFolder, theme, said });
    await opened.page.getByRole('listbox').waitFor();
    return { ...opened, said };
  }
  const tiles = (page: Page) => page.getByRole('listbox').getByRole('option');
  const dialog = (page: Page) => page.getByRole('dialog');
  const whole = (page: Page, count: number) => page.getByText(`${count} pictures`).waitFor({ timeout: LONG });

  it('pictures form while they are made; those in view come first; it pauses and goes on', async () => {
    const { page } = await open('conv2', { cache: 'forming' });
    await tiles(page).locator('canvas').first().waitFor({ timeout: LONG });
    expect(await page.getByRole('progressbar', { name: 'Pictures of conv2' }).count()).toBe(1);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/\d of 32, paused/).waitFor();
    await page.getByRole('textbox', { name: 'Find a channel' }).fill('31');
    await expect.poll(() => tiles(page).count()).toBe(1);
    await page.getByRole('button', { name: 'Resume' }).click();
    await tiles(page).locator('img').waitFor({ timeout: LONG });
    expect(await tiles(page).first().getAttribute('aria-label')).toBe('Channel 31');
    await page.getByRole('textbox', { name: 'Find a channel' }).fill('99');
    await page.getByText('Nothing is called “99”.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await whole(page, 32);
    await page.context().close();
  });

  it('is there at once when it is opened again, and is saved as it is', async () => {
    const { page, said } = await open('conv2', { cache: 'forming' });
    await whole(page, 32);
    expect(await page.getByText(/left/).count()).toBe(0);
    await page.getByRole('button', { name: 'Export…' }).click();
    await expect.poll(() => said[0]?.match(/<figure /g)?.length).toBe(32);
    await expect.poll(() => page.getByRole('status').textContent()).toBe('Saved 32 pictures');
    await page.context().close();
  });

  it('by keyboard: arrows choose, Enter shows one large, arrows go on, Escape leaves it', async () => {
    const { page, said } = await open('digits');
    await whole(page, 10);
    await page.getByRole('listbox').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await dialog(page).getByRole('heading', { name: 'one' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await dialog(page).getByRole('heading', { name: 'two' }).waitFor();
    await dialog(page).getByText('class 2').waitFor();
    await page.keyboard.press('End');
    await dialog(page).getByRole('heading', { name: 'nine' }).waitFor();
    await dialog(page).getByRole('button', { name: 'Open in the panel' }).click();
    await expect.poll(() => said).toEqual(['open 9']);
    for (const leave of ['Escape', 'Enter'] as const) {
      if (leave === 'Enter') await dialog(page).getByRole('button', { name: 'Close' }).focus();
      await page.keyboard.press(leave);
      await expect.poll(() => dialog(page).count()).toBe(0);
      expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('listbox');
      expect(await page.getByRole('option', { selected: true }).getAttribute('aria-label')).toBe('nine, class 9');
      await page.keyboard.press(' ');
      await dialog(page).waitFor();
    }
    await page.context().close();
  });

  it.each(THEMES)('axe-core finds nothing, and no policy is broken: %s', async (theme) => {
    const { page, errors } = await open('digits', { theme });
    await whole(page, 10);
    expect(await violations(page)).toEqual([]);
    await tiles(page).first().click();
    await dialog(page).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Find a class' }).fill('no such');
    await page.getByText('Nothing is called').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it.skipIf(!hasShared)('a thousand classes that are kept: soon there, few in the page, found by label', async () => {
    const session = await openSession(SQUEEZENET);
    const store = new ThumbnailStore({ session, layer: findLayer(session, 'softmax') }, path.join(folder, 'many'));
    const png = encodePng({ width: 96, height: 96, rgb: new Uint8Array(96 * 96 * 3).fill(99) });
    for (let unit = 0; unit < 1000; unit++) await store.write(unit, png);
    await session.dispose();
    const { page } = await open('softmax', { model: SQUEEZENET, cache: 'many' });
    await page.getByText('1000 pictures').waitFor({ timeout: 10_000 });
    expect(await tiles(page).count()).toBeLessThan(150);
    await page.getByRole('listbox').focus();
    await page.keyboard.press('End');
    await page.getByRole('option', { name: 'toilet tissue, class 999' }).waitFor();
    expect(await tiles(page).locator('img').count()).toBe(await tiles(page).count());
    await page.getByRole('textbox', { name: 'Find a class' }).fill('zebra');
    await expect.poll(() => tiles(page).count()).toBe(1);
    await page.context().close();
  });
});
