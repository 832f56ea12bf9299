import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { digitsPanel, sampleImage } from '../support/digits-panel.ts';
import { PROJECT } from '../support/vscode/start.ts';
import type { Theme } from '../support/webview-page.ts';

describe('what a unit likes, in many ways, with the real core and without an editor', () => {
  const panel = digitsPanel();

  interface Options {
    readonly theme?: Theme;
    readonly width?: number;
    readonly params?: Readonly<Record<string, unknown>>;
  }

  /** The tab of preferred stimuli; runs take few steps, if nothing else is said. */
  async function open({ theme = 'light', width = 1280, params = { steps: 4 } }: Options = {}) {
    const opened = await panel({
      theme,
      size: { width, height: 800 },
      images: ['three', 'six'],
      change: (host) => ({
        run: (id, request) => {
          const isRecipe = request.method !== 'activations';
          return host.run(id, isRecipe ? { ...request, params: { ...request.params, ...params } } : request);
        },
      }),
    });
    await opened.page.getByRole('tab', { name: 'Preferred stimuli' }).click();
    const recipes = () => opened.asked.filter(({ method }) => method !== 'activations');
    return { ...opened, asked: recipes };
  }

  async function choose(page: Page, title: string): Promise<void> {
    const method = page.getByRole('combobox', { name: 'Method' });
    await method.click();
    await method.fill(title);
    await page.keyboard.press('Enter');
    expect(await method.inputValue()).toBe(title);
  }

  const field = (page: Page, name: string) => page.getByRole('textbox', { name: new RegExp(`^${name}`) });
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
    ['Total variation', 'total-variation', '9 pictures of 9 channels'],
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

  const steps = async (page: Page) => {
    const text = await page.getByText(/[\d,]+ of [\d,]+ steps/).textContent();
    return Number(/([\d,]+) of/.exec(text!)![1]!.replace(',', ''));
  };

  it('pictures form while one watches, wait when they are told to, and stay when that is enough', async () => {
    const { page, errors } = await open({ params: { steps: 10_000, size: 96 } });
    await press(page);
    await expect.poll(() => pictures(page).count(), { timeout: 60_000 }).toBe(9);
    await page.getByRole('application', { name: /^objective of Channel \d+, step by step/ }).waitFor();
    await page.getByText(/ of 90,000 steps · \d+ (s|min) left/).waitFor();
    await shot(page, 'forms-light');

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/^Paused · /).waitFor();
    await page.waitForTimeout(400);
    const before = await steps(page);
    await page.waitForTimeout(400);
    expect(await steps(page)).toBe(before);

    await page.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(() => steps(page)).toBeGreaterThan(before);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled; what was there stays.').waitFor();
    expect(await pictures(page).count()).toBe(9);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('of a norm ball’s pictures one sees how far apart they are, and reads each value', async () => {
    const { page, errors } = await open({ params: { steps: 8, starts: 3 } });
    await choose(page, 'Norm ball');
    await field(page, 'Channels').fill('3, 5');
    await press(page);
    await finished(page);
    const matrix = page.getByRole('img', { name: /^Distances of the pictures/ });
    const { x, y, width, height } = (await matrix.boundingBox())!;
    expect(Math.abs(width - height)).toBeLessThan(2);
    await page.mouse.move(x + width / 12, y + height / 12);
    await shot(page, 'norm-ball-light');
    await page
      .getByRole('figure')
      .getByText(/^3\b.*: 0$/)
      .waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('runs stay side by side; by unit, the strongest picture comes first; each can be removed', async () => {
    const { page, asked, errors } = await open({ params: { steps: 16 } });
    await field(page, 'Channels').fill('3, 5');
    await page.getByText('2 pictures of 2 channels').waitFor();
    await press(page);
    await finished(page);
    await page.getByText('These pictures are there').waitFor();
    await page.getByRole('button', { name: 'With another seed' }).click();
    await finished(page);
    await choose(page, 'Class model');
    await press(page);
    await finished(page);
    expect(asked().map(({ method, seed }) => [method, seed])).toEqual([
      ['activation-maximisation', undefined],
      ['activation-maximisation', 1],
      ['class-model', 1],
    ]);
    expect(await pictures(page).count()).toBe(6);
    await shot(page, 'runs-light');

    await page.getByText('By unit, strongest first').click();
    const group = page.getByRole('listbox', { name: 'Channel 5' }).getByRole('option');
    const labels = await group.evaluateAll((all) => all.map((one) => one.textContent));
    expect(labels).toHaveLength(3);
    const strengths = labels.map((label) => Number(/activation ([\d.,e−]+)/.exec(label)![1]!.replace('−', '-')));
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
    await group.nth(1).click();
    await page.getByText(/2nd of 3/).waitFor();
    await shot(page, 'by-unit-light');

    await page.getByText('By run', { exact: true }).click();
    await page.getByRole('button', { name: 'Remove these pictures' }).first().click();
    await expect.poll(() => pictures(page).count()).toBe(4);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('a preset fills the form; what is changed is marked, and goes back', async () => {
    const { page, asked, errors } = await open();
    await choose(page, 'Four priors');
    const preset = page.getByRole('combobox', { name: 'Preset' });
    await preset.click();
    await page.getByRole('option', { name: 'Edges', exact: true }).click();
    await page.getByRole('button', { name: 'Options' }).click();
    const norm = field(page, 'Smallest to zero,');
    expect(await norm.inputValue()).toBe('50');
    await norm.fill('30');
    await norm.press('Enter');
    await page.getByRole('button', { name: 'Smallest to zero is changed: back to 50' }).waitFor();
    await page.getByRole('option', { name: 'Edges · 1 changed', includeHidden: true }).waitFor({ state: 'attached' });
    await norm.fill('much');
    await norm.press('Enter');
    await expect.poll(() => norm.inputValue()).toBe('30'); // what is no number changes nothing
    await shot(page, 'preset-light');
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    await expect.poll(() => norm.inputValue()).toBe('50');
    await press(page);
    await finished(page);
    expect(asked()[0]!.params).toMatchObject({ settings: 'own', norm: 50, blur: 0.5 });
    await page.getByRole('region', { name: /Four priors · edges/ }).waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('a setting that the search found is used by one click', async () => {
    const { page, asked, errors } = await open();
    await choose(page, 'Four priors');
    await page.getByRole('combobox', { name: 'Preset' }).click();
    await page.getByRole('option', { name: 'Search', exact: true }).click();
    await field(page, 'Channels').fill('3');
    await press(page);
    await finished(page);
    expect(await pictures(page).count()).toBe(9);
    await page.getByText('Use these settings').click();
    await page.getByText('1 picture of 1 channel', { exact: true }).waitFor();
    await press(page);
    await finished(page);
    expect(asked()[1]).toMatchObject({ method: 'yosinski', unit: '3', params: { settings: 'own' } });
    await expect.poll(() => pictures(page).count()).toBe(10);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('the keyboard makes, pauses and ends a run without being lost', async () => {
    const { page, errors } = await open({ params: { steps: 10_000 } });
    const focused = () => page.evaluate(() => document.activeElement!.textContent.trim());
    await page.getByRole('button', { name: 'Make pictures' }).focus();
    await page.keyboard.press('Enter');
    const pause = page.getByRole('button', { name: 'Pause' });
    await pause.waitFor();
    await pause.focus();
    await page.keyboard.press('Enter');
    await page.getByText(/^Paused/).waitFor();
    expect(await focused()).toBe('Go on');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Cancel');
    await page.keyboard.press('Enter');
    await page.getByText('Cancelled').first().waitFor();
    await expect.poll(focused).toBe('Start again');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('style takes a second image', async () => {
    const { page, asked, errors } = await open();
    await choose(page, 'Style');
    await page.getByText('Choose the second image.').waitFor();
    await page.getByRole('button', { name: /^Style, second image: none/ }).click();
    await page.getByRole('dialog', { name: 'Choose the second image' }).getByRole('button', { name: /six/ }).click();
    await press(page);
    await expect.poll(() => pictures(page).count(), { timeout: 60_000 }).toBe(1);
    await finished(page);
    expect(asked()[0]).toMatchObject({ image: { path: sampleImage('three') }, style: { path: sampleImage('six') } });
    await page.getByRole('region', { name: 'Style · sharp · three.png · six.png' }).waitFor();
    await shot(page, 'style-light');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('a picture begins with the image where that is chosen as its start', async () => {
    const { page, asked, errors } = await open();
    await page.getByRole('button', { name: 'Options' }).click();
    await page.getByRole('combobox', { name: 'Start' }).click();
    await page.getByRole('option', { name: 'image', exact: true }).click();
    await field(page, 'Channels').fill('3');
    await page.getByText('1 picture of 1 channel from three.png').waitFor();
    await press(page);
    await finished(page);
    expect(asked()[0]).toMatchObject({ params: { start: 'image' }, image: { path: sampleImage('three') }, unit: '3' });
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('a picture is saved as it formed', async () => {
    const { page, said, errors } = await open({ params: { steps: 1500 } });
    await field(page, 'Channels').fill('3');
    await press(page);
    await finished(page);
    await page.getByRole('button', { name: 'Save animation…' }).click();
    await expect.poll(() => said.some((one) => /^save .*\.gif \d{4,}$/.test(one)), { timeout: 30_000 }).toBe(true);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it.each([
    ['dark', 1280],
    ['hc-dark', 1280],
    ['hc-light', 400],
    ['light', 400],
  ] as const)('in %s, %i pixels wide, it is for everybody', async (theme, width) => {
    const { page, errors } = await open({ theme, width, params: { steps: 16 } });
    await press(page);
    await expect.poll(() => pictures(page).count(), { timeout: 60_000 }).toBe(9);
    await finished(page);
    const list = page.getByRole('listbox', { name: /^Pictures by/ });
    await list.focus();
    await page.keyboard.press('End');
    expect(await list.getByRole('option', { selected: true }).getAttribute('id')).toMatch(/-8$/);
    await shot(page, `${theme}-${width}`);
    expect(await violations(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
