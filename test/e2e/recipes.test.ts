import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../src/core/open.ts';
import type { Session } from '../../src/core/session.ts';
import type { PanelRun } from '../../src/protocol/panel.ts';
import { panelHost } from '../support/panel-host.ts';
import { PROJECT } from '../support/vscode/start.ts';
import { launchChromium, openPanelPage } from '../support/webview-page.ts';

const SAMPLES = path.join(PROJECT, 'media/samples');
const images = [{ path: path.join(SAMPLES, 'images/three.png'), name: 'three.png', detail: 'images' }];

describe('what a unit likes, in many ways, with the real core and without an editor', () => {
  let browser: Browser;
  let session: Session;

  beforeAll(async () => {
    [browser, session] = await Promise.all([launchChromium(), openSession(path.join(SAMPLES, 'digits.onnx'))]);
  });

  afterAll(async () => {
    await browser?.close();
    await session?.dispose();
  });

  /** The tab of preferred stimuli; runs take few steps. */
  async function open() {
    const asked: PanelRun[] = [];
    const opened = await openPanelPage(
      browser,
      (panel) => {
        const host = panelHost({ session, images, said: [] }, panel);
        const brief = { steps: 4 };
        return {
          ...host,
          run: (id, request) => {
            asked.push(request);
            const takesSteps = request.method !== 'activations';
            return host.run(id, takesSteps ? { ...request, params: { ...request.params, ...brief } } : request);
          },
        };
      },
      { theme: 'light' },
    );
    await opened.page.getByRole('tab', { name: 'Preferred stimuli' }).click();
    return { ...opened, asked };
  }

  async function choose(page: Page, title: string): Promise<void> {
    const method = page.getByRole('combobox', { name: 'Method' });
    await method.click();
    await method.fill(title);
    await page.keyboard.press('Enter');
    expect(await method.inputValue()).toBe(title);
  }

  it.each([
    ['Diversity', 'diversity'],
    ['Class model', 'class-model'],
    ['Total variation', 'total-variation'],
  ])('%s waits for its button, and shows its pictures', async (title, id) => {
    const { page, asked, errors } = await open();
    await choose(page, title);
    await page.getByRole('button', { name: 'Compute' }).click();

    await expect.poll(() => asked.some(({ method }) => method === id), { timeout: 60_000 }).toBe(true);
    const pictures = page.getByRole('tabpanel').locator('canvas');
    await expect.poll(() => pictures.count(), { timeout: 60_000 }).toBeGreaterThan(3);
    await page.getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached', timeout: 60_000 });
    const wanted = { layer: expect.any(String) as string, unit: expect.any(String) as string };
    expect(asked.find(({ method }) => method === id)).toMatchObject(wanted);
    await page.screenshot({ path: path.join(PROJECT, 'screenshots', `recipe-${id}-light.png`) });
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it.each(['Inversion', 'DeepDream'])('%s begins with the image', async (title) => {
    const { page, errors } = await open();
    await choose(page, title);
    await expect
      .poll(() => page.getByRole('tabpanel').locator('canvas').count(), { timeout: 60_000 })
      .toBeGreaterThan(0);
    await page.screenshot({ path: path.join(PROJECT, 'screenshots', `recipe-${title.toLowerCase()}-light.png`) });
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
