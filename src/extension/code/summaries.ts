import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ModelSummary, Reply } from '../../protocol/worker.ts';
import type { WorkerClient } from '../worker-client.ts';
import { modelOptions } from './model-setting.ts';

interface Known {
  readonly stamp: string;
  readonly reply: Promise<Reply<ModelSummary>>;
  settled?: Reply<ModelSummary>;
  /** It ended without an answer, as the process did. */
  lost?: boolean;
}

/** What is known of the models that code means: each is opened once in the child process, in the background. */
export class Summaries implements vscode.Disposable {
  readonly #known = new Map<string, Known>();
  readonly #changed = new vscode.EventEmitter<void>();
  /** A model has been opened: lenses know more now. */
  readonly onDidChange = this.#changed.event;

  constructor(private readonly worker: WorkerClient) {}

  /** What is known already; asks in the background for what is not. */
  async peek(model: string): Promise<Reply<ModelSummary> | undefined> {
    return (await this.#get(model)).settled;
  }

  async open(model: string): Promise<Reply<ModelSummary>> {
    const known = await this.#get(model);
    if (!known.lost) return known.reply;
    this.#known.delete(model);
    return (await this.#get(model)).reply;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #get(model: string): Promise<Known> {
    const options = modelOptions(model);
    const stamp = JSON.stringify([await stampOf(model), options]);
    const before = this.#known.get(model);
    if (before?.stamp === stamp) return before;
    const known: Known = { stamp, reply: this.worker.open(model, options) };
    this.#known.set(model, known);
    void known.reply.then((reply) => {
      if (!reply.ok && (reply.kind === 'crashed' || reply.kind === 'cancelled')) {
        // Asked again when the user does, not by lenses: they would crash it again at each letter typed.
        known.lost = true;
        return;
      }
      known.settled = reply;
      this.#changed.fire();
    });
    return known;
  }
}

const stampOf = (file: string): Promise<string> =>
  stat(file).then(
    ({ mtimeMs, size }) => `${mtimeMs}:${size}`,
    () => '',
  );
