import { createBirpc, type BirpcReturn } from 'birpc';
import * as vscode from 'vscode';
import type { GalleryApi, GalleryHostApi, GalleryState } from '../../protocol/gallery.ts';
import type { ImageSource } from '../../protocol/worker.ts';
import { GALLERY_VIEW } from '../commands.ts';
import { modelTitle } from '../model-files.ts';
import { Calls } from '../panels/calls.ts';
import { pageFolder, pageHtml } from '../panels/html.ts';
import type { Panels } from '../panels/panels.ts';
import type { Services } from '../services.ts';
import { galleryHost } from './host.ts';

/** What a gallery shows. */
export interface GalleryArguments {
  readonly model: string;
  readonly layer: string;
  /** By whose activations it can be sorted. */
  readonly image?: ImageSource;
}

/** Pages with all channels of a layer, one for each layer. */
export class Galleries implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #open = new Map<string, { readonly model: string; readonly view: vscode.WebviewPanel }>();
  readonly #serializer: vscode.Disposable;

  constructor(
    private readonly services: Services,
    private readonly panels: Panels,
  ) {
    this.#serializer = vscode.window.registerWebviewPanelSerializer(GALLERY_VIEW, this);
  }

  /** The model of the gallery that is in front. */
  get activeModel(): string | undefined {
    return [...this.#open.values()].find(({ view }) => view.active)?.model;
  }

  show(shown: GalleryArguments): void {
    const known = this.#open.get(keyOf(shown));
    if (known) return known.view.reveal();
    const title = vscode.l10n.t('{0}: {1}', modelTitle(shown.model), shown.layer);
    this.#add(shown, vscode.window.createWebviewPanel(GALLERY_VIEW, title, vscode.ViewColumn.Active));
  }

  async deserializeWebviewPanel(view: vscode.WebviewPanel, state: GalleryState | undefined): Promise<void> {
    if (state?.model === undefined) return view.dispose();
    const { model, layer, image } = state;
    this.#add({ model, layer, ...(image !== undefined && { image: { path: image } }) }, view);
  }

  dispose(): void {
    this.#serializer.dispose();
  }

  #add({ model, layer, image }: GalleryArguments, view: vscode.WebviewPanel): void {
    const { services, panels } = this;
    const { webview } = view;
    const key = keyOf({ model, layer });
    const calls = new Calls();
    const disposables: vscode.Disposable[] = [services.worker.acquire()];
    let disposed = false;
    view.iconPath = vscode.Uri.joinPath(services.extensionUri, 'media', 'icons', 'layerscope.svg');
    webview.options = { enableScripts: true, localResourceRoots: [pageFolder(services.extensionUri)] };
    const page: BirpcReturn<GalleryApi, GalleryHostApi> = createBirpc<GalleryApi, GalleryHostApi>(
      galleryHost({ model, layer, image, services, panels, calls, progress: (...far) => void page.progress(...far) }),
      {
        post: (message) => (disposed ? undefined : webview.postMessage(message)),
        on: (receive) => disposables.push(webview.onDidReceiveMessage(receive)),
        timeout: -1,
        eventNames: ['progress'],
        onFunctionError: (error, name) => services.log.error(`${name}: ${error.stack ?? error.message}`),
      },
    );
    this.#open.set(key, { model, view });
    view.onDidDispose(() => {
      disposed = true;
      this.#open.delete(key);
      calls.cancelAll();
      for (const disposable of disposables) disposable.dispose();
    });
    webview.html = pageHtml(webview, services.extensionUri, 'gallery');
  }
}

const keyOf = ({ model, layer }: Pick<GalleryArguments, 'model' | 'layer'>): string => JSON.stringify([model, layer]);
