import path from 'node:path';
import * as vscode from 'vscode';
import { WorkerClient } from './worker-client.ts';

/** What all parts of the extension share; made once, at activation, and cheap: the child process starts when first needed. */
export class Services implements vscode.Disposable {
  readonly log = vscode.window.createOutputChannel('Layerscope', { log: true });
  readonly worker: WorkerClient;
  readonly extensionUri: vscode.Uri;
  /** Where thumbnails are kept between sessions. */
  readonly thumbnailFolder: string;
  /** Where the sample network is put when it is asked for. */
  readonly sampleFolder: string;
  readonly #crashed = new vscode.EventEmitter<string>();
  readonly #restarted = new vscode.EventEmitter<void>();
  /** The child process has ended by itself; with the message for the user. */
  readonly onDidCrash = this.#crashed.event;
  readonly onDidRestart = this.#restarted.event;

  constructor(context: vscode.ExtensionContext) {
    this.extensionUri = context.extensionUri;
    this.thumbnailFolder = path.join(context.globalStorageUri.fsPath, 'thumbnails');
    this.sampleFolder = path.join(context.globalStorageUri.fsPath, 'samples');
    this.worker = new WorkerClient({
      cacheFolder: context.globalStorageUri.fsPath,
      file: context.asAbsolutePath('dist/worker.cjs'),
      log: (level, text) => this.log[level](text),
      onCrash: (message) => this.#crashed.fire(message),
    });
  }

  async restartWorker(): Promise<void> {
    await this.worker.restart();
    this.#restarted.fire();
  }

  dispose(): void {
    this.worker.dispose();
    this.#crashed.dispose();
    this.#restarted.dispose();
    this.log.dispose();
  }
}
