import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { digitsPanel } from '../support/digits-panel.ts';
import { THEMES } from '../support/webview-page.ts';

const SCREENSHOTS = path.join(import.meta.dirname, '../../screenshots');
const LONG = 60_000;

/** Pictures of every view of which pixels, to be looked at. */
describe.each(THEMES)('which pixels in the theme %s', (theme) => {
  const panel = digitsPanel();

  beforeAll(() => void mkdirSync(SCREENSHOTS, { recursive: true }));

  async function finished(page: Page): Promise<void> {
    await expect.poll(() => page.getByRole('button', { name: 'Cancel' }).count(), { timeout: LONG }).toBe(0);
  }

  async function choose(page: Page, name: string): Promise<void> {
    const field = page.getByRole('combobox', { name: 'Method' });
    await field.click();
    await field.fill(name);
    await page.keyboard.press('Enter');
  }

  it.each([1280, 400])('axe-core finds nothing in any view, %i pixels wide', async (width) => {
    const opened = await panel({ theme, images: ['three'], size: { width, height: 900 } });
    const { page } = opened;
    const look = async (name: string): Promise<void> => {
      await page.screenshot({ path: path.join(SCREENSHOTS, `pixels-${name}-${theme}-${width}.png`) });
      expect(await violations(page)).toEqual([]);
      // Nothing lies beyond the page's edges.
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    };
    await page.getByRole('tab', { name: 'Which pixels' }).click();
    await choose(page, 'Guided backprop');
    await page.getByRole('heading', { name: /^Guided backprop for/ }).waitFor();
    await look('overlay');
    await page.getByRole('combobox', { name: 'Method' }).click();
    await look('choice');
    await page.keyboard.press('Escape');
    for (const view of ['Side by side', 'Swipe']) {
      await page.getByText(view, { exact: true }).click();
      await look(view.toLowerCase().replaceAll(' ', '-'));
    }
    await page.getByRole('button', { name: 'Can this map be believed?' }).click();
    await page.getByText('A map to believe').waitFor({ timeout: LONG });
    await finished(page);
    await page.getByText('A map to believe').scrollIntoViewIfNeeded();
    await look('believed');
    await choose(page, 'Localisation');
    await page.getByText('% of the picture').waitFor({ timeout: LONG });
    await look('boxes');
    await choose(page, 'Three ways back');
    await page.getByRole('table').waitFor({ timeout: LONG });
    await look('table');
    await page.getByRole('tab', { name: 'Trust' }).click();
    await page.getByRole('tabpanel').getByRole('application').first().waitFor({ timeout: LONG });
    await finished(page);
    await look('trust');
    await page.getByRole('button', { name: /^Options/ }).click();
    await page.getByRole('checkbox', { name: 'Infidelity' }).waitFor();
    await look('options');
    await page.getByRole('tab', { name: 'Compare maps' }).click();
    await page.getByRole('list', { name: 'Maps of several methods' }).getByRole('application').first().waitFor();
    await finished(page);
    await look('compare');
    await page.getByRole('button', { name: 'Which to believe?' }).click();
    await page.getByText('Insertion: how much').waitFor({ timeout: LONG });
    await finished(page);
    await look('compare-believed');
    await page.getByRole('button', { name: /^Methods: / }).click();
    await look('methods');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'rather than another class…' }).click();
    await page.getByText('For each method: what speaks for').waitFor();
    await finished(page);
    await look('two-classes');
    expect(opened.errors).toEqual([]);
    await page.context().close();
  });
});
