import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../src/core/open.ts';
import type { Session } from '../../src/core/session.ts';
import { violations } from '../support/axe.ts';
import { panelHost } from '../support/panel-host.ts';
import { launchChromium, openPanelPage, THEMES } from '../support/webview-page.ts';

const PROJECT = path.join(import.meta.dirname, '../..');
const SAMPLES = path.join(PROJECT, 'media/samples');
const SCREENSHOTS = path.join(PROJECT, 'screenshots');
const LONG = 60_000;

/** Pictures of every view of which pixels, to be looked at. */
describe.each(THEMES)('which pixels in the theme %s', (theme) => {
  let browser: Browser;
  let session: Session;

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    [browser, session] = await Promise.all([launchChromium(), openSession(path.join(SAMPLES, 'digits.onnx'))]);
  });

  afterAll(async () => {
    await browser?.close();
    await session?.dispose();
  });

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
    const three = { path: path.join(SAMPLES, 'images/three.png'), name: 'three.png', detail: 'images' };
    const opened = await openPanelPage(browser, (panel) => panelHost({ session, images: [three] }, panel), {
      theme,
      size: { width, height: 900 },
    });
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
    expect(opened.errors).toEqual([]);
    await page.context().close();
  });
});
