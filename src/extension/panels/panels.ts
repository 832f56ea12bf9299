import * as vscode from 'vscode';
import type { PanelState } from '../../protocol/panel.ts';
import { EDITOR_VIEWS, PANEL_VIEW } from '../commands.ts';
import { editorOf, modelTitle } from '../model-files.ts';
import type { Services } from '../services.ts';
import { ReplyCache } from './cache.ts';
import { ModelPanel, type Shown } from './panel.ts';

/** All views of models: panels, and custom editors of the files that open by a click. */
export class Panels implements vscode.CustomReadonlyEditorProvider, vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly cache = new ReplyCache();
  readonly #open = new Set<ModelPanel>();
  /** What an editor that VS Code is opening for us is to show. */
  readonly #asked = new Map<string, Shown>();
  readonly #disposable: vscode.Disposable;

  constructor(private readonly services: Services) {
    this.#disposable = vscode.Disposable.from(
      ...Object.values(EDITOR_VIEWS).map((view) =>
        vscode.window.registerCustomEditorProvider(view, this, { supportsMultipleEditorsPerDocument: false }),
      ),
      vscode.window.registerWebviewPanelSerializer(PANEL_VIEW, this),
    );
  }

  /** Views that are open, the last opened last. */
  get all(): readonly ModelPanel[] {
    return [...this.#open];
  }

  /** Models that are looked at: first the active view's, then those in view. */
  get models(): readonly string[] {
    const shown = this.all.filter(({ view }) => view.visible);
    return [...shown.filter(({ view }) => view.active), ...shown].map(({ model }) => model);
  }

  /** Shows a model: in the view that it has already, else in a new one. */
  async show(model: string, shown: Shown, column: vscode.ViewColumn = vscode.ViewColumn.Active): Promise<void> {
    const known = this.all.filter((panel) => panel.model === model);
    const best = known.find(({ view }) => view.active) ?? known.find(({ view }) => view.visible) ?? known.at(-1);
    if (best) return best.show(shown);
    const editor = editorOf(model);
    if (editor) {
      this.#asked.set(model, shown);
      const options = { viewColumn: column, preview: false };
      await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(model), EDITOR_VIEWS[editor], options);
      return;
    }
    this.#add(model, vscode.window.createWebviewPanel(PANEL_VIEW, modelTitle(model), column), shown);
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => {} };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, view: vscode.WebviewPanel): void {
    if (uri.scheme !== 'file') {
      view.webview.html = vscode.l10n.t('Layerscope opens models that are files: {0} is none.', uri.toString());
      return;
    }
    const model = uri.fsPath;
    const shown = this.#asked.get(model) ?? {};
    this.#asked.delete(model);
    this.#add(model, view, shown);
  }

  async deserializeWebviewPanel(view: vscode.WebviewPanel, state: PanelState | undefined): Promise<void> {
    if (state?.model === undefined) return view.dispose();
    this.#add(state.model, view, {});
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #add(model: string, view: vscode.WebviewPanel, shown: Shown): void {
    const { extensionUri } = this.services;
    view.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icons', 'layerscope.svg');
    const panel = new ModelPanel(model, view, this.services, this.cache, shown);
    this.#open.add(panel);
    view.onDidDispose(() => this.#open.delete(panel));
  }
}
