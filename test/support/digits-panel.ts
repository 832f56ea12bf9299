import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { openSession } from '../../src/core/open.ts';
import type { Session } from '../../src/core/session.ts';
import type { PanelHostApi, PanelRun } from '../../src/protocol/panel.ts';
import { panelHost } from './panel-host.ts';
import { launchChromium, openPanelPage, type PanelPage, type Theme } from './webview-page.ts';

const SAMPLES = path.join(import.meta.dirname, '../../media/samples');
export const sampleImage = (name: string): string => path.join(SAMPLES, 'images', `${name}.png`);

interface Options {
  readonly theme?: Theme;
  readonly size?: { readonly width: number; readonly height: number };
  /** The sample images that there are, by name; the first is shown. */
  readonly images?: readonly string[];
  readonly kept?: unknown;
  /** What the host does otherwise. */
  readonly change?: (host: PanelHostApi) => Partial<PanelHostApi>;
}

export interface DigitsPanel extends PanelPage {
  readonly session: Session;
  /** The runs that the panel asked for. */
  readonly asked: PanelRun[];
  /** What else it asked for. */
  readonly said: string[];
}

/**
 * For the tests of one `describe`: opens the built panel on the sample digits, with the real core and without an editor. One browser
 * and one session serve all of them; each panel has a page of its own, which the test closes.
 */
export function digitsPanel(): (options?: Options) => Promise<DigitsPanel> {
  let browser: Browser;
  let session: Session;
  beforeAll(async () => {
    [browser, session] = await Promise.all([launchChromium(), openSession(path.join(SAMPLES, 'digits.onnx'))]);
  });
  afterAll(async () => {
    await browser?.close();
    await session?.dispose();
  });
  return async ({ theme = 'dark', size, images = ['three', 'eight'], kept, change = () => ({}) } = {}) => {
    const asked: PanelRun[] = [];
    const said: string[] = [];
    const choices = images.map((name) => ({ path: sampleImage(name), name: `${name}.png`, detail: 'images' }));
    const opened = await openPanelPage(
      browser,
      (panel) => {
        const host = panelHost({ session, images: choices, said }, panel);
        const changed = { ...host, ...change(host) };
        return { ...changed, run: (id, request) => (asked.push(request), changed.run(id, request)) };
      },
      { theme, ...(size && { size }), kept },
    );
    return { ...opened, session, asked, said };
  };
}
