import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../src/core/open.ts';
import type { Session } from '../../src/core/session.ts';
import type { PanelHostApi } from '../../src/protocol/panel.ts';
import { panelHost } from '../support/panel-host.ts';
import { ADDRESS, launchChromium, openPanelPage, type PanelPage, type Theme } from '../support/webview-page.ts';

const SAMPLES = path.join(import.meta.dirname, '../../media/samples');
const FRAMES = path.join(SAMPLES, 'images');
const AXE = createRequire(import.meta.url).resolve('axe-core');
const PICTURES = path.join(import.meta.dirname, '../../screenshots');
const images = ['three', 'seven'].map((name) => ({
  path: path.join(FRAMES, `${name}.png`),
  name: `${name}.png`,
  detail: 'images',
}));

/** A camera of Chromium's own: a green picture with a moving circle. */
const CAMERA = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  `--unsafely-treat-insecure-origin-as-secure=${ADDRESS}`,
];

/** The model as after some training: other weights in its first layer. */
function trained({ model, engine, description }: Session, Opened: typeof Session): Session {
  const constants = new Map(model.graph.constants);
  const name = model.layers.find(({ weights }) => weights.length)!.weights[0]!;
  const kernel = constants.get(name)!;
  const data = (kernel.data as Float32Array).map((value, i) => value + (i < 9 ? 0.1 : 0));
  constants.set(name, { dtype: 'float32', shape: kernel.shape, data });
  return new Opened(
    { ...model, file: '/later/digits.onnx', graph: { ...model.graph, constants } },
    engine,
    description,
  );
}

describe('the network grown up, with the real core and without an editor', () => {
  let browser: Browser;
  let withCamera: Browser;
  let session: Session;
  let other: Session;

  beforeAll(async () => {
    [browser, withCamera, session] = await Promise.all([
      launchChromium(),
      launchChromium(CAMERA),
      openSession(path.join(SAMPLES, 'digits.onnx')),
    ]);
    other = trained(session, session.constructor as typeof Session);
  });

  afterAll(async () => {
    await Promise.all([browser?.close(), withCamera?.close()]);
    await session?.dispose();
  });

  async function open(
    theme: Theme = 'dark',
    change: (host: PanelHostApi) => Partial<PanelHostApi> = () => ({}),
    where = browser,
  ): Promise<PanelPage> {
    const opened = await openPanelPage(
      where,
      (panel) => {
        const host = panelHost({ session, other, images }, panel);
        return { ...host, ...change(host) };
      },
      { theme },
    );
    await opened.page.getByRole('tree').waitFor();
    await opened.page.getByRole('option').first().waitFor();
    return opened;
  }

  async function sound(opened: PanelPage, name: string): Promise<void> {
    const { page } = opened;
    await page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
    await page.evaluate(await readFile(AXE, 'utf8'));
    const { violations } = (await page.evaluate(() =>
      globalThis.axe.run(document, { resultTypes: ['violations'] }),
    )) as AxeResults;
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
    expect(opened.errors).toEqual([]);
  }

  it.each(['dark', 'light'] as const)('a chosen unit’s connections are drawn, and lead on: %s', async (theme) => {
    const opened = await open(theme);
    const { page } = opened;
    await page.locator('[data-name="conv2"]').first().click();
    const tiles = page.getByRole('listbox', { name: 'Activations of conv2' });
    await tiles.getByRole('option').nth(2).click();
    const list = page.getByRole('region', { name: /^Connections of unit \d+ of conv2/ });
    await list.waitFor();
    expect(await page.locator('svg.lines path').count()).toBeGreaterThan(3);
    await sound(opened, `connections-${theme}`);
    await list.getByText('conv1', { exact: true }).waitFor();
    await list.getByRole('button').nth(1).click();
    await expect.poll(() => page.locator('section.layer h2').textContent()).toBe('conv1');
    await page.getByRole('region', { name: /^Connections of unit \d+ of conv1/ }).waitFor();
    await page.getByRole('button', { name: 'Hide the connections' }).click();
    expect(await page.locator('svg.lines').count()).toBe(0);
    await page.context().close();
  });

  it.each(['dark', 'light'] as const)('two models stand side by side with their difference: %s', async (theme) => {
    const opened = await open(theme);
    const { page } = opened;
    await page.getByRole('button', { name: 'Compare with model…' }).click();
    const pairs = page.getByRole('listbox', { name: /unit by unit/ });
    await pairs.waitFor();
    expect(await pairs.getByRole('option').first().textContent()).toMatch(/^\s*0.*‖b − a‖ 0\.3$/);
    expect(await pairs.getByRole('option').nth(1).textContent()).toMatch(/equal/);
    await sound(opened, `two-models-${theme}`);
    await page.getByText('Activations', { exact: true }).last().click();
    await expect.poll(() => pairs.getByRole('option').nth(1).textContent()).toMatch(/equal/);
    await page.getByRole('button', { name: 'End the comparison' }).click();
    await page.getByRole('tab', { name: 'Activations' }).waitFor();
    await page.context().close();
  });

  it.each(['dark', 'light'] as const)(
    'a folder of frames goes through the network, one at a time: %s',
    async (theme) => {
      let [flying, most, sent] = [0, 0, 0];
      const opened = await open(theme, (host) => ({
        live: async (...call) => {
          most = Math.max(most, ++flying);
          sent++;
          const reply = await host.live(...call);
          flying--;
          return reply;
        },
      }));
      const { page } = opened;
      await page.getByRole('button', { name: 'Live' }).click();
      await page.getByLabel('A folder of frames').setInputFiles(FRAMES);
      await page.getByText(/\d frames a second/).waitFor();
      await page.getByRole('list', { name: 'Predicted classes, live' }).getByText('three').first().waitFor();
      await expect.poll(() => sent).toBeGreaterThan(10);
      expect(most).toBe(1);
      await page.getByRole('button', { name: 'Next channel' }).click();
      await page.getByText('Channel 1').waitFor();
      await sound(opened, `live-${theme}`);
      await page.getByRole('button', { name: 'End live activations' }).click();
      const ended = sent;
      await page.waitForTimeout(300);
      expect(sent).toBeLessThanOrEqual(ended + 1);
      await page.context().close();
    },
  );

  it('a camera’s frames go through it', async () => {
    const { page, errors } = await open('dark', undefined, withCamera);
    await page.getByRole('button', { name: 'Live' }).click();
    await page.getByRole('button', { name: 'Camera' }).click();
    await page.getByText(/\d frames a second/).waitFor();
    const picture = page.locator('canvas.picture').first();
    // The camera's pictures are 4:3 and have a colour.
    expect(await picture.evaluate((canvas: HTMLCanvasElement) => canvas.width / canvas.height)).toBeCloseTo(4 / 3, 1);
    const painted = () => picture.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const first = await painted();
    await expect.poll(painted).not.toBe(first);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('a film that the browser can decode goes through it, over and over', async () => {
    const { page, errors } = await open();
    await page.getByRole('button', { name: 'Live' }).click();
    await page.getByLabel('A film').evaluate(async (input: HTMLInputElement) => {
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width: 64, height: 48 });
      const context = canvas.getContext('2d')!;
      const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
      const parts: Blob[] = [];
      recorder.ondataavailable = ({ data }) => parts.push(data);
      const stopped = new Promise((resolve) => (recorder.onstop = resolve));
      recorder.start();
      for (let i = 0; i < 12; i++) {
        context.fillStyle = `hsl(${i * 30} 100% 50%)`;
        context.fillRect(0, 0, 64, 48);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      recorder.stop();
      await stopped;
      const chosen = new DataTransfer();
      chosen.items.add(new File(parts, 'colours.webm', { type: 'video/webm' }));
      input.files = chosen.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await page.getByText(/\d frames a second/).waitFor();
    const picture = page.locator('canvas.picture').first();
    const colour = () =>
      picture.evaluate((canvas: HTMLCanvasElement) =>
        [...canvas.getContext('2d')!.getImageData(5, 5, 1, 1).data].join(),
      );
    const first = await colour();
    await expect.poll(colour).not.toBe(first);
    await page.getByLabel('A film').setInputFiles({ name: 'no.mp4', mimeType: 'video/mp4', buffer: Buffer.from('no') });
    await page.getByRole('alert').getByText('no.mp4 can’t be played here').waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('where no camera is handed out, it says so and what else there is', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Live' }).click();
    await page.getByRole('button', { name: 'Camera' }).click();
    await page.getByRole('alert').getByText('The editor does not hand out the camera to its panels.').waitFor();
    await page.getByLabel('A folder of frames').setInputFiles(FRAMES);
    await page.getByText(/\d frames a second/).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.context().close();
  });
});
