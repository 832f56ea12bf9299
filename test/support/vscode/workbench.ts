import type { Frame, ElementHandle, Locator, Page } from 'playwright-core';
import { eventually } from './eventually.ts';
import { findText, quietFor } from './in-page.ts';

export type Theme = 'dark' | 'light' | 'hc-dark' | 'hc-light';

const TIMEOUT = 15_000;
const THEME_CLASSES: Readonly<Record<Theme, string>> = {
  dark: 'vs-dark',
  light: 'vs',
  'hc-dark': 'hc-black',
  'hc-light': 'hc-light',
};
const exactly = (text: string) => new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);

/**
 * VS Code's workbench as a user has it before them. Every helper waits for what it needs; none sleeps for a fixed time. VS
 * Code's own class names are kept to this file.
 */
export class Workbench {
  readonly page: Page;
  readonly #folder: string;

  /** @param folder  the base name of the open folder */
  constructor(page: Page, folder: string) {
    this.page = page;
    this.#folder = folder;
    page.setDefaultTimeout(TIMEOUT);
  }

  /** Resolves when the workbench stands in its theme, and the explorer lists the folder. */
  async waitForReady(theme: Theme): Promise<void> {
    const { page } = this;
    await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 4 * TIMEOUT });
    await page
      .locator('.explorer-folders-view .monaco-list-row')
      .first()
      .waitFor({ timeout: 2 * TIMEOUT });
    await page.locator(`.monaco-workbench.${THEME_CLASSES[theme]}`).waitFor();
  }

  /** Resolves when nothing has been drawn for `quiet` ms, no progress runs, and no extension is being activated. */
  async waitForIdle({ quiet = 400, timeout = TIMEOUT } = {}): Promise<void> {
    const busy = '.monaco-progress-container.active, .codicon-loading:visible, .statusbar-item:has-text("Activating")';
    const deadline = Date.now() + timeout;
    for (;;) {
      if ((await this.page.locator(busy).count()) === 0 && (await this.page.evaluate(quietFor, quiet))) return;
      if (Date.now() > deadline) throw new Error(`the workbench was still busy after ${timeout} ms`);
    }
  }

  // Commands and quick picks

  /** Runs a command by the title that the palette shows, its category included: `View: Close All Editors`. */
  async runCommand(title: string): Promise<void> {
    await (await this.#findCommand(title)).click();
  }

  /** Resolves when the palette lists a command: then what its extension contributes is known. */
  async waitForCommand(title: string): Promise<void> {
    await this.#findCommand(title);
    await this.page.keyboard.press('Escape');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  async #findCommand(title: string): Promise<Locator> {
    const entry = this.quickPickEntries()
      .filter({ hasText: exactly(title) })
      .first();
    await eventually(async () => {
      await this.openPalette(`>${title}`); // its list is made once: an extension that registers later is not in it
      await entry.waitFor({ timeout: 2000 }).catch(async (error) => {
        await this.page.keyboard.press('Escape');
        throw error;
      });
    }, 2 * TIMEOUT);
    return entry;
  }

  /** Opens the palette, with what a user would have typed in it. */
  async openPalette(text: string): Promise<void> {
    // A panel that takes the focus as it opens closes the palette: then it is opened again.
    await eventually(async () => {
      await this.page.keyboard.press('F1');
      await this.#quickInput().waitFor({ timeout: 3000 });
      await this.#quickInput().fill(text, { timeout: 3000 });
    });
  }

  /** Chooses the entry with exactly this label in the quick pick that is open; types it first, as long lists show a part. */
  async quickPick(label: string): Promise<void> {
    await this.#quickInput().fill(label);
    await this.quickPickEntries()
      .filter({ hasText: exactly(label) })
      .first()
      .click();
  }

  /** Answers the file dialog that is open with a path, and waits until it has closed. */
  async answerFileDialog(file: string): Promise<void> {
    const field = this.page.locator('.quick-input-widget input[type=text]');
    await field.waitFor();
    await eventually(async () => {
      // It reads its folder first, and then writes its own suggestion into the field.
      await this.quickPickEntries().first().waitFor({ timeout: 3000 });
      await field.fill(file, { timeout: 3000 });
      await this.waitForIdle();
      if ((await field.inputValue()) !== file) throw new Error(`the dialog shows ${await field.inputValue()}`);
      await field.press('Enter');
      await field.waitFor({ state: 'hidden', timeout: 5000 });
    }, 2 * TIMEOUT);
  }

  /** The labels of the quick pick that is open; a locator, so that a test can wait for them. */
  quickPickEntries(): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row .quick-input-list-row:first-child .label-name');
  }

  /** The title or placeholder of the quick pick that is open. */
  quickPickTitle(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-title');
  }

  #quickInput(): Locator {
    return this.page.locator('.quick-input-widget input.input');
  }

  // Explorer

  /** The explorer's row of a path relative to the open folder; its parents are unfolded. */
  async explorerRow(path: string): Promise<Locator> {
    const parts = path.split('/');
    let row = this.page.locator('.explorer-folders-view .monaco-list-row');
    for (let depth = 1; depth <= parts.length; depth++) {
      const place = [this.#folder, ...parts.slice(0, depth)].join('/');
      row = this.page.locator('.explorer-folders-view .monaco-list-row').filter({
        has: this.page.locator(`.explorer-item[aria-label$="/${place}"]`),
      });
      await this.#scrollTo(row);
      if (depth < parts.length && (await row.getAttribute('aria-expanded')) === 'false') await row.click();
    }
    return row;
  }

  /** Only the rows in view exist: turns the wheel until this one does. */
  async #scrollTo(row: Locator): Promise<void> {
    for (let step = 0; step < 40; step++) {
      const found = row.waitFor({ timeout: 500 }).then(
        () => true,
        () => false,
      );
      if (await found) return;
      await this.page.locator('.explorer-folders-view').hover();
      await this.page.mouse.wheel(0, 300);
    }
    await row.waitFor();
  }

  /** Opens a file with a double click, and waits for its tab. */
  async openFile(path: string): Promise<void> {
    await (await this.explorerRow(path)).dblclick();
    await this.tab(path.split('/').pop()!).and(this.page.locator('.active')).waitFor();
  }

  /** Right-clicks a file and chooses. */
  async explorerContextMenu(path: string, label: string): Promise<void> {
    await (await this.explorerRow(path)).click({ button: 'right' });
    await eventually(async () => {
      await this.menuItem(label).click({ timeout: 1000 }); // a menu ignores clicks for its first 100 ms
      await this.menuItem(label).waitFor({ state: 'hidden', timeout: 500 });
    });
  }

  menuItem(label: string): Locator {
    return this.page.locator('.monaco-menu .action-item .action-label').filter({ hasText: exactly(label) });
  }

  // Editors

  /** A tab by its label. (With several groups, VS Code appends which one, after a comma.) */
  tab(label: string): Locator {
    const name = JSON.stringify(label).slice(1, -1);
    return this.page.locator(`.tabs-container .tab:is([aria-label="${name}"], [aria-label^="${name},"])`);
  }

  /** Scrolls the active editor to a line, from 1, and puts the cursor there. */
  async goToLine(line: number): Promise<void> {
    await eventually(async () => {
      await this.openPalette(`:${line}`);
      const entry = this.page.locator('.quick-input-list .monaco-list-row', { hasText: new RegExp(`\\b${line}\\b`) });
      await entry.first().waitFor({ timeout: 3000 });
      await this.page.keyboard.press('Enter');
      await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden', timeout: 3000 });
    });
  }

  /** All code lenses in view; a locator. */
  codeLenses(): Locator {
    return this.page.locator('.codelens-decoration a');
  }

  /** Clicks the nth lens with this text, from the top. */
  async clickCodeLens(text: string, nth = 0): Promise<void> {
    await this.codeLenses()
      .filter({ hasText: exactly(text) })
      .nth(nth)
      .click();
  }

  /** Points at a text in the active editor; resolves with the hover that opens. The text must be in view. */
  async hoverText(text: string): Promise<Locator> {
    const hover = this.page.locator('.monaco-editor .monaco-hover:not(.hidden), .monaco-resizable-hover .monaco-hover');
    const open = hover.filter({ has: this.page.locator('.hover-contents'), visible: true }).first();
    // Again and again: the provider may not be registered yet, and lenses that appear move the text.
    await eventually(async () => {
      const { x, y } = (await (await this.page.waitForFunction(findText, text)).jsonValue())!;
      await this.page.mouse.move(x + 60, y + 200); // a hover opens when the pointer comes, not when it is there
      await this.page.mouse.move(x, y, { steps: 5 });
      await open.waitFor({ timeout: 1500 });
      await open.filter({ hasNotText: /^Loading/ }).waitFor();
      const now = await this.page.evaluate(findText, text);
      if (now?.x !== x || now?.y !== y) throw new Error(`${text} moved away`);
    });
    return open;
  }

  // Webviews

  /**
   * The document inside a webview: a frame in a frame in the page. Get it again after the extension has set
   * `webview.html` anew: that is another frame.
   *
   * @param title  of the panel, or the custom editor's file; default: any that is in view
   */
  async webviewFrame(title?: string, timeout = TIMEOUT): Promise<Frame> {
    const deadline = Date.now() + timeout;
    for (;;) {
      for (const frame of this.page.frames()) if (await this.#shows(frame, title).catch(() => false)) return frame;
      if (Date.now() > deadline) throw new Error(`no webview ${title ?? ''} in view after ${timeout} ms`);
      await this.page.waitForTimeout(50);
    }
  }

  async #shows(frame: Frame, title: string | undefined): Promise<boolean> {
    const inner = frame.parentFrame() && (await frame.frameElement());
    if (!inner || (await inner.getAttribute('id')) !== 'active-frame') return false;
    const outer = await frame.parentFrame()!.frameElement();
    if (!(await outer.isVisible())) return false;
    const name = await inner.getAttribute('title');
    if (title === undefined || name === title) return true;
    return name === 'undefined' && this.#isOver(outer, title); // a custom editor's has no title
  }

  /** Whether an element lies in the editor group that shows the tab with this label. (Webviews float above theirs.) */
  async #isOver(element: ElementHandle, label: string): Promise<boolean> {
    const group = this.page.locator('.editor-group-container').filter({
      has: this.tab(label).and(this.page.locator('.active')),
    });
    if ((await group.count()) === 0) return false;
    const [inside, around] = [await element.boundingBox(), await group.first().boundingBox()];
    if (!inside || !around) return false;
    const [x, y] = [inside.x + inside.width / 2 - around.x, inside.y + inside.height / 2 - around.y];
    return x > 0 && x < around.width && y > 0 && y < around.height;
  }

  // Messages

  /** Waits for a notification with this text; a locator. */
  async notification(text: string | RegExp): Promise<Locator> {
    const item = this.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text }).first();
    await item.waitFor();
    return item;
  }
}
