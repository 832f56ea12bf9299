import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ATTRIBUTIONS } from '../../src/core/visualizers/attributions.ts';
import type { PanelHostApi } from '../../src/protocol/panel.ts';
import { digitsPanel, type DigitsPanel } from '../support/digits-panel.ts';

describe('which pixels: many methods, with the real core and without an editor', () => {
  const panel = digitsPanel();

  async function open(change?: (host: PanelHostApi) => Partial<PanelHostApi>): Promise<DigitsPanel> {
    const opened = await panel(change && { change });
    await opened.page.getByRole('tab', { name: 'Which pixels' }).click();
    return opened;
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
    const end = async (title: string) =>
      (await tiles.getByRole('listitem').filter({ hasText: title }).locator('.legend').textContent())!
        .split(/\s+/)
        .at(-1);
    // Equal units have equal scales; the others their own.
    expect(await end('SmoothGrad')).toBe(await end('Saliency'));
    expect(await end('LRP')).toBe(await end('Integrated gradients'));
    const equal = new Set(await legends()).size;
    expect(equal).toBeGreaterThan(4);
    await page.getByRole('combobox', { name: 'Scale' }).click();
    await page.getByRole('option', { name: 'each map' }).click();
    await expect.poll(async () => new Set(await legends()).size).toBeGreaterThan(equal);
    await page.getByRole('button', { name: /^Methods: / }).click();
    await page.getByRole('checkbox', { name: 'Saliency' }).click();
    await expect.poll(() => shown.count()).toBe(count - 1);
    expect(asked.length).toBe(runs);
    await page.keyboard.press('Escape');
    await tiles.getByRole('button', { name: 'Occlusion' }).click();
    await heading(page, /^Occlusion for/).waitFor();
    await page.context().close();
  });

  it('why the one class and not the other: each one’s map and the difference, with one scale', async () => {
    const { page, asked } = await open();
    await heading(page, /^Saliency for/).waitFor();
    await page.getByRole('button', { name: 'rather than another class…' }).click();
    await page.getByRole('button', { name: 'both classes side by side' }).click();
    await page.getByRole('button', { name: /^Methods: / }).click();
    for (const { title } of ATTRIBUTIONS.slice(2))
      await page.getByRole('checkbox', { name: title, exact: true }).click();
    await page.keyboard.press('Escape');
    const tiles = page.getByRole('list', { name: 'Maps of several methods' }).getByRole('listitem');
    await expect.poll(() => tiles.getByRole('application').count(), { timeout: 60_000 }).toBe(6);
    const three = tiles.filter({ hasText: 'Gradient × input' });
    const boxes = await Promise.all((await three.all()).map((tile) => tile.boundingBox()));
    expect(boxes.length).toBe(3);
    expect(new Set(boxes.map((box) => box!.y)).size).toBe(1);
    expect(new Set(await three.locator('.legend').allTextContents()).size).toBe(1);
    // A class's name ends where its percentage begins.
    const field = page.getByRole('combobox', { name: 'Class' }).first();
    const percentage = field.locator('xpath=following-sibling::span').first();
    const room = await field.evaluate((one) => Number.parseFloat(getComputedStyle(one).paddingRight));
    expect(room).toBeGreaterThan((await percentage.boundingBox())!.width + 8);
    const compared = asked.filter(({ method: id }) => id === 'gradient-x-input').slice(-3);
    const [own, other, both] = compared;
    expect([own!.against, other!.against]).toEqual([undefined, undefined]);
    expect([other!.target, both!.against]).toEqual([both!.against, expect.any(Number)]);
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
