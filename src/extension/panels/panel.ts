import { createBirpc, type BirpcReturn } from 'birpc';
import type * as vscode from 'vscode';
import type { PanelApi, PanelHostApi, PanelState } from '../../protocol/panel.ts';
import { nameAndPlace } from '../files.ts';
import type { Services } from '../services.ts';
import type { ReplyCache } from './cache.ts';
import { Calls } from './calls.ts';
import { panelHost } from './host.ts';
import { pageFolder, pageHtml } from './html.ts';
import { watchFiles } from './watch-file.ts';

/** What a panel is asked to show. */
export type Shown = Omit<PanelState, 'model' | 'split'>;

const PAGE_EVENTS: (keyof PanelApi)[] = ['progress', 'show', 'useImage', 'crashed', 'restarted', 'changed'];

/** One view of a model: its page, and the calls between the two. The view may be a panel or a custom editor. */
export class ModelPanel {
  readonly page: BirpcReturn<PanelApi, PanelHostApi>;
  readonly #calls = new Calls();
  readonly #disposables: vscode.Disposable[] = [];
  /** What the page is told when it stands; while it stands, it is told at once. */
  #waiting: Shown;
  #stands = false;
  #disposed = false;
  #watching: vscode.Disposable | undefined;
  #watched = '';

  constructor(
    readonly model: string,
    readonly view: vscode.WebviewPanel,
    services: Services,
    cache: ReplyCache,
    first: Shown,
  ) {
    this.#waiting = first;
    const { webview } = view;
    webview.options = { enableScripts: true, localResourceRoots: [pageFolder(services.extensionUri)] };
    const host: PanelHostApi = panelHost({
      model,
      services,
      cache,
      calls: this.#calls,
      progress: (id, progress) => void this.page.progress(id, progress),
      takeState: () => this.#takeState(),
      opened: ({ file, parts }) => this.#watch([file, ...parts]),
    });
    this.page = createBirpc<PanelApi, PanelHostApi>(host, {
      post: (message) => (this.#disposed ? undefined : webview.postMessage(message)),
      on: (receive) => this.#disposables.push(webview.onDidReceiveMessage(receive)),
      timeout: -1,
      eventNames: PAGE_EVENTS,
      onFunctionError: (error, name) => services.log.error(`${name}: ${error.stack ?? error.message}`),
    });
    this.#disposables.push(
      services.worker.acquire(),
      // A hidden page is gone: another one says `ready` when it is shown again.
      view.onDidChangeViewState(() => (this.#stands &&= view.visible)),
      services.onDidCrash((message) => this.#stands && this.page.crashed(message)),
      services.onDidRestart(() => this.#stands && this.page.restarted()),
      { dispose: () => this.#watching?.dispose() },
    );
    this.#watch([model]);
    view.onDidDispose(() => this.#dispose());
    webview.html = pageHtml(webview, services.extensionUri);
  }

  /** Whether the page has said `ready` and is in view. */
  get stands(): boolean {
    return this.#stands;
  }

  show(shown: Shown): void {
    this.view.reveal();
    if (!this.#stands) {
      this.#waiting = { ...this.#waiting, ...shown };
      return;
    }
    if (shown.image !== undefined) void this.page.useImage({ path: shown.image, ...nameAndPlace(shown.image) });
    void this.page.show(shown.layer, shown.tab, shown.target, shown.with, shown.unit);
  }

  /** Tells the page when one of the model's files changes; also where it could not be opened as it was. */
  #watch(files: readonly string[]): void {
    const watched = JSON.stringify(files);
    if (this.#disposed || watched === this.#watched) return;
    this.#watched = watched;
    this.#watching?.dispose();
    this.#watching = watchFiles(files, () => this.view.visible && void this.page.changed());
  }

  #takeState(): PanelState {
    const state = { model: this.model, ...this.#waiting };
    this.#waiting = {};
    this.#stands = true;
    return state;
  }

  #dispose(): void {
    this.#disposed = true;
    this.#stands = false;
    this.#calls.cancelAll();
    for (const disposable of this.#disposables) disposable.dispose();
  }
}
