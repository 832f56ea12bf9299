import path from 'node:path';
import * as vscode from 'vscode';
import { showTime, TimeLeft } from '../../core/time-left.ts';
import type { Progress } from '../../protocol/worker.ts';
import { modelOptions } from '../code/model-setting.ts';
import { commandLink, plain } from '../code/hover-text.ts';
import { COMMANDS } from '../commands.ts';
import { Pauses } from '../pauses.ts';
import type { Services } from '../services.ts';

/** Computes the thumbnails of all layers of one model in the child process; its item in the status bar tells how far it is. */
export class AllThumbnails implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #abort = new AbortController();
  readonly #pauses = new Pauses();
  readonly #left = new TimeLeft();
  #progress: Progress | undefined;
  #paused = false;

  constructor(
    private readonly services: Services,
    readonly model: string,
  ) {
    const id = `layerscope.thumbnails.${path.basename(model)}`;
    this.#item = vscode.window.createStatusBarItem(id, vscode.StatusBarAlignment.Left);
    this.#item.name = vscode.l10n.t('Layerscope: Thumbnails');
    this.#item.command = { command: COMMANDS.pauseThumbnails, title: '', arguments: [model] };
    this.#show();
    this.#item.show();
  }

  /** Resolves when all is done, or stopped, or has failed, which is said. */
  async run(): Promise<void> {
    const { model, services } = this;
    const name = path.basename(model);
    const reply = await services.worker.allThumbnails(
      { model, options: modelOptions(model), cacheFolder: services.thumbnailFolder },
      {
        signal: this.#abort.signal,
        pauses: this.#pauses,
        onProgress: (progress) => {
          this.#progress = progress;
          this.#show();
        },
      },
    );
    this.#item.dispose();
    if (reply.ok) {
      const { layers, skipped } = reply.value;
      const rest = skipped ? ` ${vscode.l10n.t('{0} layers do not see one picture.', skipped)}` : '';
      const text = vscode.l10n.t('{0}: thumbnails of {1} layers are there.', name, layers);
      void vscode.window.showInformationMessage(text + rest);
    } else if (reply.kind !== 'cancelled' && reply.kind !== 'crashed')
      void vscode.window.showErrorMessage(reply.message);
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Pauses, or goes on. */
  pause(): void {
    this.#paused = !this.#paused;
    this.#pauses.set(this.#paused);
    this.#left.pause(this.#paused, Date.now());
    this.#show();
  }

  /** What is finished stays on disk. */
  stop(): void {
    this.#abort.abort();
    this.#item.dispose();
  }

  dispose(): void {
    this.stop();
  }

  #show(): void {
    const name = path.basename(this.model);
    const { done, total } = this.#progress ?? { done: 0, total: 0 };
    const seconds = this.#progress && this.#left.seconds(this.#progress, Date.now());
    const layer = vscode.l10n.t('layer {0} of {1}', Math.min(total, Math.floor(done) + 1), total);
    const far = total === 0 ? vscode.l10n.t('opening') : layer;
    const left = this.#paused
      ? vscode.l10n.t('paused')
      : seconds !== undefined && vscode.l10n.t('{0} left', showTime(seconds));
    const text = [far, left].filter(Boolean).join(', ');
    this.#item.text = `$(${this.#paused ? 'debug-pause' : 'sync~spin'}) ${vscode.l10n.t('Thumbnails')}: ${text}`;
    const label = vscode.l10n.t('Thumbnails of {0}: {1}', name, text);
    const change = this.#paused ? vscode.l10n.t('Resume') : vscode.l10n.t('Pause');
    this.#item.accessibilityInformation = { label: `${label}. ${change}`, role: 'button' };
    const links = [
      commandLink(change, COMMANDS.pauseThumbnails, this.model),
      commandLink(vscode.l10n.t('Stop'), COMMANDS.stopThumbnails, this.model),
    ];
    const tooltip = new vscode.MarkdownString(`${plain(label)}\n\n${links.join(' · ')}`);
    tooltip.isTrusted = { enabledCommands: [COMMANDS.pauseThumbnails, COMMANDS.stopThumbnails] };
    this.#item.tooltip = tooltip;
  }
}
