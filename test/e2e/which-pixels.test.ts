import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../src/core/open.ts';
import type { Session } from '../../src/core/session.ts';
import { ATTRIBUTIONS } from '../../src/core/visualizers/attributions.ts';
import type { PanelHostApi, PanelRun } from '../../src/protocol/panel.ts';
import { panelHost } from '../support/panel-host.ts';
import { launchChromium, openPanelPage, type PanelPage } from '../support/webview-page.ts';

const SAMPLES = path.join(import.meta.dirname, '../../media/samples');
const images = ['three', 'eight'].map((name) => ({
  path: path.join(SAMPLES, 'images', `${name}.png`),
  name: `${name}.png`,
  detail: 'images',
}));

describe('which pixels: many methods, with the real core and without an editor', () => {
  let browser: Browser;
  let session: Session;

  beforeAll(async () => {
    [browser, session] = await Promise.all([launchChromium(), openSession(path.join(SAMPLES, 'digits.onnx'))]);
  });

  afterAll(async () => {
    await browser?.close();
    await session?.dispose();
  });

  interface Opened extends PanelPage {
    /** What the panel asked for. */
    readonly asked: PanelRun[];
    readonly said: string[];
  }

  async function open(change: (host: PanelHostApi) => Partial<PanelHostApi> = () => ({})): Promise<Opened> {
    const asked: PanelRun[] = [];
    const said: string[] = [];
    const opened = await openPanelPage(
      browser,
      (panel) => {
        const host = panelHost({ session, images, said }, panel);
        const changed = { ...host, ...change(host) };
        return { ...changed, run: (id, request) => (asked.push(request), changed.run(id, request)) };
      },
      { theme: 'dark' },
    );
    await opened.page.getByRole('tab', { name: 'Which pixels' }).click();
    return { ...opened, asked, said };
  }

  const method = (page: Page): Locator => page.getByRole('combobox', { name: 'Method' });
  const heading = (page: Page, name: RegExp | string): Locator => page.getByRole('heading', { level: 3, name });

  async function choose(page: Page, name: string): Promise<void> {
    await method(page).click();
    await method(page).fill(name);
    await page.keyboard.press('Enter');
  }

  it('a method is chosen by keyboard, by its name or by its sentence, and the question remembers it', async () => {
    const { page } = await open();
    await heading(page, /^Saliency for/).waitFor();
    await method(page).focus();
    await page.keyboard.press('ArrowDown');
    const options = page.getByRole('listbox', { name: 'Method' }).getByRole('option');
    expect(await options.count()).toBeGreaterThan(ATTRIBUTIONS.length);
    expect(await options.first().textContent()).toMatch(/Saliency.*Which pixels change/s);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await heading(page, /^Gradient × input for/).waitFor();
    expect(await method(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.getByRole('tab', { name: 'Activations' }).click();
    await page.getByRole('tab', { name: 'Which pixels' }).click();
    await heading(page, /^Gradient × input for/).waitFor();
    await choose(page, 'noisy copies');
    await heading(page, /^SmoothGrad for/).waitFor();
    await page.context().close();
  });

  it('every method shows a map or says in a sentence why it can’t', async () => {
    const { page, errors } = await open();
    for (const { title } of ATTRIBUTIONS) {
      await choose(page, title);
      const map = page.getByRole('tabpanel').getByRole('application').first();
      const refused = page.getByRole('tabpanel').getByRole('alert');
      await map.or(refused).first().waitFor({ timeout: 60_000 });
      expect(await method(page).inputValue()).toBe(title);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('image and map: by turns under a divider, beside each other with one place for both', async () => {
    const { page } = await open();
    await page.getByText('Swipe', { exact: true }).click();
    const divider = page.getByRole('slider', { name: 'Divider of image and map' });
    await divider.focus();
    await page.keyboard.press('Home');
    expect(await divider.getAttribute('aria-valuetext')).toBe('0 % image, 100 % map');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await divider.getAttribute('aria-valuenow')).toBe('10');
    const box = (await page.getByRole('application').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.1, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 60, { steps: 4 });
    await page.mouse.up();
    expect(await divider.getAttribute('aria-valuenow')).toBe('75');
    await page.getByText('Side by side', { exact: true }).click();
    await page.getByRole('application', { name: 'The image' }).hover({ position: { x: 50, y: 60 } });
    const map = page.getByRole('application', { name: /^Saliency/ });
    await expect.poll(() => map.textContent()).toMatch(/y \d+, x \d+ · [−\d]/);
    await page.context().close();
  });

  it('asks why one class and not another', async () => {
    const { page, asked } = await open();
    await heading(page, /^Saliency for/).waitFor();
    await page.getByRole('button', { name: 'rather than another class…' }).click();
    await expect.poll(() => asked.at(-1)?.against).toBeTypeOf('number');
    await heading(page, /^Saliency for class three rather than/).waitFor();
    const other = page.getByRole('combobox', { name: 'rather than' });
    await other.click();
    await other.fill('no other');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'rather than another class…' }).waitFor();
    await heading(page, 'Saliency for class three').waitFor();
    await page.context().close();
  });

  it('asks what a channel answers to, and goes back to the class', async () => {
    const { page, asked } = await open();
    await page.getByRole('tab', { name: 'Activations' }).click();
    await page.getByRole('button', { name: 'Why here?' }).click();
    await heading(page, /^Saliency for unit \d+/).waitFor();
    expect(asked.at(-1)).toMatchObject({
      method: 'saliency',
      layer: expect.any(String) as string,
      unit: expect.any(String) as string,
    });
    await page.getByRole('button', { name: 'back to the class' }).click();
    await heading(page, 'Saliency for class three').waitFor();
    await page.context().close();
  });

  it('puts a map to the test beside it, when asked', async () => {
    const { page, asked } = await open();
    await heading(page, /^Saliency for/).waitFor();
    expect(asked.some(({ method }) => method === 'trust')).toBe(false);
    await page.getByRole('button', { name: 'Can this map be believed?' }).click();
    const beside = page.getByRole('region', { name: 'Whether this map can be believed' });
    await beside.getByText('A map to believe').waitFor({ timeout: 60_000 });
    await expect.poll(() => beside.getByRole('button', { name: 'Cancel' }).count(), { timeout: 60_000 }).toBe(0);
    expect(asked.at(-1)).toMatchObject({ method: 'trust', params: { of: 'saliency' } });
    const chart = beside.getByRole('application').first();
    await chart.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await chart.textContent()).toMatch(/deletion [\d.]+, insertion [\d.]+/);
    await choose(page, 'Grad-CAM');
    await heading(page, /^Grad-CAM for/).waitFor();
    await beside.getByRole('button', { name: 'Can this map be believed?' }).waitFor();
    await page.context().close();
  });

  it('compares maps: they fill in one after another, share their scale when asked, open when chosen', async () => {
    const going: (() => void)[] = [];
    const { page, asked } = await open((host) => ({
      run: async (id, request) => {
        if (request.method === 'lrp') await new Promise<void>((resolve) => going.push(resolve));
        return host.run(id, request);
      },
    }));
    await page.getByRole('tab', { name: 'Compare maps' }).click();
    const tiles = page.getByRole('list', { name: 'Maps of several methods' });
    await expect.poll(() => going.length, { timeout: 60_000 }).toBe(1);
    const before = new Set(asked.flatMap(({ method: id }) => (ATTRIBUTIONS.some((one) => one.id === id) ? [id] : [])));
    expect(await tiles.getByRole('application').count()).toBe(before.size - 1);
    expect(asked.at(-1)?.method).toBe('lrp');
    going[0]!();
    const none = page.getByRole('tabpanel').getByRole('button', { name: 'Cancel' });
    await expect.poll(() => none.count(), { timeout: 60_000 }).toBe(0);
    const shown = tiles.getByRole('application');
    const count = await shown.count();
    expect(count).toBeGreaterThan(6);
    await shown.first().hover({ position: { x: 60, y: 60 } });
    for (const map of await shown.all()) await expect.poll(() => map.textContent()).toMatch(/y \d+, x \d+ · [−\d]/);
    const runs = asked.length;
    const legends = () => tiles.locator('.legend').allTextContents();
    expect(new Set(await legends()).size).toBeGreaterThan(2);
    await page.getByRole('combobox', { name: 'Scale' }).click();
    await page.getByRole('option', { name: 'shared' }).click();
    await expect.poll(async () => new Set(await legends()).size).toBeLessThanOrEqual(2);
    await page.getByRole('button', { name: /^Methods: / }).click();
    await page.getByRole('checkbox', { name: 'Saliency' }).click();
    await expect.poll(() => shown.count()).toBe(count - 1);
    expect(asked.length).toBe(runs);
    await page.keyboard.press('Escape');
    await tiles.getByRole('button', { name: 'Occlusion' }).click();
    await heading(page, /^Occlusion for/).waitFor();
    await page.context().close();
  });

  it('makes a report of the maps that are compared', async () => {
    const { page, said } = await open();
    await page.getByRole('tab', { name: 'Compare maps' }).click();
    await page.getByRole('button', { name: /^Methods: / }).click();
    for (const { title } of ATTRIBUTIONS.slice(2))
      await page.getByRole('checkbox', { name: title, exact: true }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Methods: 2 of / }).waitFor();
    await page.getByRole('button', { name: 'Report…' }).click();
    await page.getByRole('button', { name: 'Cancel report' }).waitFor();
    await expect.poll(() => said.length, { timeout: 60_000 }).toBe(1);
    expect(said[0]).toMatch(/^report <!doctype html>/i);
    expect(said[0]).toContain('Gradient × input');
    expect(said[0]).not.toContain('Guided Grad-CAM');
    await page.getByRole('button', { name: 'Report…' }).waitFor();
    await page.context().close();
  });

  it('where a method can’t answer, the one that can is a press away', async () => {
    const message = 'CAM needs another head. Grad-CAM draws such a map for any network: choose it.';
    const { page } = await open((host) => ({
      run: async (id, request) =>
        request.method === 'cam' ? { ok: false, kind: 'usage', message } : host.run(id, request),
    }));
    await heading(page, /^Saliency for/).waitFor();
    await choose(page, 'networks that end in an average');
    await page.getByRole('alert').getByText(message).waitFor();
    expect(await heading(page, /^Saliency for/).count()).toBe(0);
    await page.getByRole('button', { name: 'Show Grad-CAM' }).click();
    await heading(page, /^Grad-CAM for/).waitFor();
    await page.context().close();
  });

  it('tells which of the compared maps to believe', async () => {
    const { page, asked } = await open();
    await page.getByRole('tab', { name: 'Compare maps' }).click();
    await page.getByRole('button', { name: /^Methods: / }).click();
    for (const { title } of ATTRIBUTIONS.slice(3))
      await page.getByRole('checkbox', { name: title, exact: true }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Which to believe?' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Cancel' }).count(), { timeout: 60_000 }).toBe(0);
    const tiles = page.getByRole('list', { name: 'Maps of several methods' }).getByRole('listitem');
    await expect.poll(() => tiles.getByText(/deletion [\d.]+/).count()).toBe(3);
    expect(await tiles.getByText(/deletion [\d.e−]+, best/).count()).toBe(1);
    expect(await tiles.getByText(/insertion [\d.e−]+, best/).count()).toBe(1);
    const tested = asked.filter(({ method: id }) => id === 'trust');
    expect(tested.map(({ params }) => params?.['of'])).toEqual(ATTRIBUTIONS.slice(0, 3).map(({ id }) => id));
    await page.getByRole('button', { name: /^Image: / }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'eight.png' }).click();
    await expect.poll(() => tiles.getByText(/deletion/).count()).toBe(0);
    await page.context().close();
  });
});
