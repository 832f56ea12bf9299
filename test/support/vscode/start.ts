import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { installChromium } from '../../../scripts/browser.ts';
import { installVSCodeServer } from '../../../scripts/vscode-server/install.ts';
import {
  installFolder,
  installVsix,
  startServer,
  workbenchAddress,
  writeSettings,
} from '../../../scripts/vscode-server/server.ts';
import { descendants } from './processes.ts';
import { Workbench, type Theme } from './workbench.ts';

export const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

/** VS Code's own themes. */
const THEMES: Readonly<Record<Theme, string>> = {
  dark: 'Dark 2026',
  light: 'Light 2026',
  'hc-dark': 'Default High Contrast',
  'hc-light': 'Default High Contrast Light',
};

/** A quiet workbench that looks the same in every run. */
const SETTINGS = {
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'window.commandCenter': false,
  'git.enabled': false,
  'files.simpleDialog.enable': true,
  'explorer.compactFolders': false,
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'workbench.hover.delay': 100,
  'workbench.reduceMotion': 'on',
};

const CHROMIUM = [
  '--no-sandbox', // root has no sandbox
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface VSCodeOptions {
  /** The folder to open; it is used where it is, so give a copy to a test that writes. */
  readonly workspace: string;
  /** The extension's folder; default: this project. */
  readonly extension?: string;
  /** A packed extension to install in its place. */
  readonly vsix?: string;
  /**
   * A CommonJS module that exports `run()`, run in the extension host; `exitCode` resolves when it has ended. Without it the
   * extension is an installed one, and the window is as a user has it.
   */
  readonly tests?: string;
  readonly theme?: Theme;
  /** More user settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** false: with workspace trust, the workspace not yet trusted. */
  readonly trust?: boolean;
  readonly size?: { readonly width: number; readonly height: number };
  /** Of the screen; 2 makes pictures for the documentation. */
  readonly deviceScaleFactor?: number;
  /** Where `screenshot` writes; default `screenshots/` in the project. */
  readonly screenshots?: string;
  /** More variables for the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the tests print, line by line. */
  readonly log?: (line: string) => void;
}

export interface VSCode {
  readonly page: Page;
  readonly workbench: Workbench;
  /** Of the extension host's tests: 0 or 1. */
  readonly exitCode: Promise<number | string>;
  /** Saves what is on screen; resolves with the file's path. */
  screenshot(name: string): Promise<string>;
  serverLog(): string;
  /** Ids of its processes whose command line has this text: the extension host's children, say. */
  processes(text: string): number[];
  /** Ends every process and removes every temporary file that this made. */
  stop(): Promise<void>;
}

/**
 * Starts a real VS Code on a folder: the server from npm, shown in headless Chromium; both are installed where they are
 * missing. The extension host is a Node process of its own, as on the desktop. Resolves when the window stands (about 5 s).
 */
export async function startVSCode(options: VSCodeOptions): Promise<VSCode> {
  const install = installVSCodeServer();
  const executablePath = installChromium();
  const data = mkdtempSync(path.join(os.tmpdir(), 'layerscope-vscode-'));
  const remove = () => rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  process.once('exit', remove); // should this process end without stop()
  const cleanups: (() => unknown)[] = [() => process.removeListener('exit', remove), remove];
  const stop = async () => {
    while (cleanups.length) await cleanups.pop()!();
  };
  try {
    const { extension = PROJECT, theme = 'dark' } = options;
    writeSettings(data, { ...SETTINGS, 'workbench.colorTheme': THEMES[theme], ...options.settings });
    if (options.vsix) installVsix(install, data, options.vsix);
    else if (!options.tests) installFolder(data, extension);
    const flags = ['--enable-remote-auto-shutdown']; // after minutes without a window, should this process be killed
    // Without it VS Code ignores the payload below; with it, no notification comes up.
    if (options.tests) flags.push('--enable-smoke-test-driver');
    if (options.trust !== false) flags.push('--disable-workspace-trust');
    const server = await startServer(install, { data, flags, ...(options.env && { env: options.env }) });
    cleanups.push(server.stop);

    const browser = await chromium.launch({ executablePath, args: CHROMIUM });
    cleanups.push(() => browser.close());
    const context = await browser.newContext({
      viewport: options.size ?? { width: 1280, height: 800 },
      deviceScaleFactor: options.deviceScaleFactor ?? 1,
      permissions: ['clipboard-read', 'clipboard-write'],
      locale: 'en-US',
    });
    const page = await context.newPage();
    let exit: (code: number | string) => void;
    const exitCode = new Promise<number | string>((resolve) => (exit = resolve));
    page.on('crash', () => exit('a crash of the page'));
    const payload: [string, string][] = [['skipWelcome', 'true']];
    if (options.tests) {
      await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
        const line = args.map(String).join(' ');
        if (line.startsWith(MARK)) options.log?.(line.slice(MARK.length));
      });
      await page.exposeFunction('codeAutomationExit', (code: number) => exit(code));
      const remote = (file: string) => `vscode-remote://127.0.0.1:${server.port}${path.resolve(file)}`;
      payload.push(['extensionTestsPath', remote(wrapTests(data, options.tests))]);
      payload.push(['extensionDevelopmentPath', remote(extension)]);
    }
    await page.goto(workbenchAddress(server.port, options.workspace, payload));
    const workbench = new Workbench(page, path.basename(path.resolve(options.workspace)));
    if (!options.tests) await workbench.waitForReady(theme);
    return {
      page,
      workbench,
      exitCode,
      stop,
      serverLog: server.log,
      processes: (text) => descendants(server.process.pid!, text),
      async screenshot(name) {
        const file = path.join(options.screenshots ?? path.join(PROJECT, 'screenshots'), `${name}.png`);
        await page.screenshot({ path: file });
        return file;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Before each line that the tests print, to tell it from what VS Code logs. */
const MARK = '\u2063';

/** A test entry that marks what is printed, then runs the real one. */
function wrapTests(data: string, tests: string): string {
  const file = path.join(data, 'tests.js');
  writeFileSync(
    file,
    `const { format } = require('node:util');
    const methods = new Set(['log', 'info', 'warn', 'error', 'debug']);
    const print = (method) => (...args) => original[method](${JSON.stringify(MARK)} + format(...args));
    const original = console; // VS Code's: its methods can't be replaced
    globalThis.console = new Proxy(original, { get: (_, key) => (methods.has(key) ? print(key) : original[key]) });
    exports.run = async () => {
      const tests = await import(${JSON.stringify(pathToFileURL(path.resolve(tests)).href)});
      try {
        await (tests.run ?? tests.default.run)();
      } catch (error) {
        console.error(error?.stack ?? error);
        throw error;
      }
    };`,
  );
  return file;
}
