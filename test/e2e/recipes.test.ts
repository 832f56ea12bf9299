import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../src/core/open.ts';
import type { Session } from '../../src/core/session.ts';
import type { PanelRun } from '../../src/protocol/panel.ts';
import { panelHost } from '../support/panel-host.ts';
import { PROJECT } from '../support/vscode/start.ts';
import { launchChromium, openPanelPage, type Theme } from '../support/webview-page.ts';

const SAMPLES = path.join(PROJECT, 'media/samples');
const images = ['three', 'six'].map((name) => ({
  path: path.join(SAMPLES, `images/${name}.png`),
  name: `${name}.png`,
  detail: 'images',
}));

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

  interface Options {
    readonly theme?: Theme;
    readonly width?: number;
    readonly params?: Readonly<Record<string, unknown>>;
  }

  /** The tab of preferred stimuli; runs take few steps, if nothing else is said. */
  async function open({ theme = 'light', width = 1280, params = { steps: 4 } }: Options = {}) {
    const asked: PanelRun[] = [];
    const said: string[] = [];
    const opened = await openPanelPage(
      browser,
      (panel) => {
        const host = panelHost({ session, images, said }, panel);
        return {
          ...host,
          run: (id, request) => {
            asked.push(request);
            const isRecipe = request.method !== 'activations';
            return host.run(id, isRecipe ? { ...request, params: { ...request.params, ...params } } : request);
          },
        };
      },
      { theme, size: { width, height: 800 } },
    );
    await opened.page.getByRole('tab', { name: 'Preferred stimuli' }).click();
    const recipes = () => asked.filter(({ method }) => method !== 'activations');
    return { ...opened, asked: recipes, said };
  }

  async function choose(page: Page, title: string): Promise<void> {
    const method = page.getByRole('combobox', { name: 'Method' });
    await method.click();
    await method.fill(title);
    await page.keyboard.press('Enter');
    expect(await method.inputValue()).toBe(title);
  }

  const press = (page: Page) => page.getByRole('button', { name: 'Make pictures' }).click();
  const pictures = (page: Page) => page.getByRole('tabpanel').locator('[role=option] canvas');
  const finished = (page: Page) =>
    page.getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached', timeout: 60_000 });
  const shot = (page: Page, name: string) =>
    page.screenshot({ path: path.join(PROJECT, 'screenshots', `recipe-${name}.png`) });

  it.each([
    ['Activation maximisation', 'activation-maximisation', '9 pictures of 9 channels'],
    ['Norm ball', 'norm-ball', '9 pictures of 1 channel'],
    ['Diversity', 'diversity', '8 pictures of 2 channels'],
    ['Class model', 'class-model', '9 pictures of 9 channels'],
  ])('%s waits for its button, which says what it makes', async (title, id, text) => {
    const { page, asked, errors } = await open();
    await choose(page, title);
    await page.getByText(text, { exact: false }).waitFor();
    expect(asked()).toEqual([]);
    await press(page);

    const count = Number.parseInt(text);
    await expect.poll(() => pictures(page).count(), { timeout: 60_000 }).toBe(count);
    await finished(page);
    expect(asked()).toHaveLength(1);
    expect(asked()[0]).toMatchObject({ method: id, layer: expect.any(String) as string });
    await shot(page, `${id}-light`);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it.each(['Inversion', 'DeepDream'])('%s begins with the image, when it is asked', async (title) => {
    const { page, asked, errors } = await open();
    await choose(page, title);
    await page.getByText('from three.png').waitFor();
    expect(asked()).toEqual([]);
    await press(page);
    await expect.poll(() => pictures(page).count(), { timeout: 60_000 }).toBe(1);
    await finished(page);
    await shot(page, `${title.toLowerCase()}-light`);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
