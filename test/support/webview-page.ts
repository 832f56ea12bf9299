import { createBirpc, type BirpcReturn } from 'birpc';
import fs from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { PanelApi, PanelHostApi } from '../../src/protocol/panel.ts';

export const THEMES = ['dark', 'light', 'hc-dark', 'hc-light'] as const;
export type Theme = (typeof THEMES)[number];

const ROOT = path.join(import.meta.dirname, '../..');
export const ADDRESS = 'http://layerscope.test';

/** The toolkit tries a rule in a style element of its own, and finds the nonce for it in the page. */
const NONCE = 'c3R5bGVz';

/** As strict as the extension's own. */
const POLICY = `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${NONCE}'; img-src 'self' data: blob:; media-src blob:`;

/** `more`: switches of Chromium. */
export const launchChromium = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', ...more],
  });

export interface PageOptions {
  readonly theme: Theme;
  readonly size?: { readonly width: number; readonly height: number };
  /** What `getState` gives. */
  readonly kept?: unknown;
}

export interface WebviewPage<Api> {
  readonly page: Page;
  /** What the extension would call in it. */
  readonly api: Api;
  /** Messages of the console that are errors, broken policies among them. */
  readonly errors: readonly string[];
  setTheme(theme: Theme): Promise<void>;
}

export interface PanelPage extends WebviewPage<PanelApi> {
  readonly panel: PanelApi;
}

/** The built panel in a page of its own. */
export async function openPanelPage(
  browser: Browser,
  host: (panel: () => PanelApi) => PanelHostApi,
  options: PageOptions,
): Promise<PanelPage> {
  const opened = await openPage<PanelApi, PanelHostApi>(browser, 'main', host, options);
  return { ...opened, panel: opened.api };
}

/** A built page of the extension, with VS Code's colours of a theme; the host is in this process. */
export async function openPage<Api extends object, HostApi extends object>(
  browser: Browser,
  entry: 'main' | 'gallery',
  host: (api: () => Api) => HostApi,
  { theme, size = { width: 1280, height: 800 }, kept }: PageOptions,
): Promise<WebviewPage<Api>> {
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  await page.route(`${ADDRESS}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '')
      return route.fulfill({
        contentType: 'text/html',
        headers: { 'content-security-policy': POLICY },
        body: html(entry),
      });
    if (name === 'theme.css') return route.fulfill({ contentType: 'text/css', body: await themeCss(theme) });
    return route.fulfill({ path: path.join(ROOT, 'dist/webview', name) });
  });

  let receive: (message: unknown) => void = () => {};
  const rpc: BirpcReturn<Api, HostApi> = createBirpc<Api, HostApi>(
    host(() => rpc as unknown as Api),
    {
      post: (message) =>
        page.isClosed()
          ? undefined
          : page
              .evaluate((text) => window.postMessage(globalThis.fromText(text), '*'), toText(message))
              .catch(() => {}),
      on: (listen) => void (receive = listen),
      timeout: -1,
    },
  );
  await page.exposeFunction('toHost', (text: string) => receive(fromText(text)));
  await page.addInitScript({ content: initScript(kept) });
  await page.goto(`${ADDRESS}/`);
  await page.evaluate((names) => (document.body.className = names), await bodyClass(theme));
  return {
    page,
    api: rpc as unknown as Api,
    errors,
    async setTheme(next) {
      const css = await themeCss(next);
      await page.evaluate((text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      }, css);
      await page.evaluate((names) => (document.body.className = names), await bodyClass(next));
    },
  };
}

declare global {
  // In the page; see `initScript`.
  var fromText: (text: string) => unknown;
}

const html = (
  entry: string,
): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Layerscope</title>
<meta property="csp-nonce" content="${NONCE}">
<link rel="stylesheet" href="theme.css"><link rel="stylesheet" href="${entry}.css"></head>
<body><script type="module" src="${entry}.js"></script></body></html>`;

interface ThemeFile {
  readonly bodyClass: string;
  readonly variables: Readonly<Record<string, string>>;
}

const readTheme = async (theme: Theme): Promise<ThemeFile> =>
  JSON.parse(await fs.readFile(path.join(import.meta.dirname, 'themes', `${theme}.json`), 'utf8')) as ThemeFile;

const bodyClass = async (theme: Theme): Promise<string> => (await readTheme(theme)).bodyClass;

/** What VS Code itself puts into every webview. */
async function themeCss(theme: Theme): Promise<string> {
  const { variables } = await readTheme(theme);
  const lines = Object.entries(variables).map(([name, value]) => `${name}: ${value};`);
  return `:root { ${lines.join('\n')} }
    @layer vscode-default {
      html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
      body { padding: 0 20px; background: transparent; color: var(--vscode-editor-foreground); margin: 0;
        font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); }
      ::-webkit-scrollbar { width: 10px; height: 10px; }
      ::-webkit-scrollbar-thumb { background-color: var(--vscode-scrollbarSlider-background); }
    }`;
}

/** Between page and test only text goes: typed arrays are carried in base 64. */
function toText(message: unknown): string {
  return JSON.stringify(message, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return typeof value === 'bigint' ? Number(value) : value;
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { $typed: value.constructor.name, base64: bytes.toString('base64') };
  });
}

const fromText = (text: string): unknown =>
  JSON.parse(text, (_, value: { $typed?: string; base64?: string } | null) => {
    if (!value?.$typed) return value;
    const bytes = Uint8Array.from(Buffer.from(value.base64!, 'base64'));
    const types = { Uint8Array, Float32Array, Int32Array, BigInt64Array, Uint8ClampedArray };
    return new types[value.$typed as keyof typeof types](bytes.buffer);
  });

const initScript = (kept: unknown): string => `
  globalThis.fromText = (text) => JSON.parse(text, (_, value) => {
    if (!value?.$typed) return value;
    return new globalThis[value.$typed](Uint8Array.from(atob(value.base64), (c) => c.charCodeAt(0)).buffer);
  });
  const toText = (message) => JSON.stringify(message, (_, value) => {
    if (!ArrayBuffer.isView(value)) return value;
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    let binary = '';
    for (let i = 0; i < bytes.length; i += 32768) binary += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return { $typed: value.constructor.name, base64: btoa(binary) };
  });
  let state = ${JSON.stringify(kept ?? null)} ?? undefined;
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => void globalThis.toHost(toText(message)),
    getState: () => state,
    setState: (next) => void (globalThis.keptState = state = next),
  });`;
