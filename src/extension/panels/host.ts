import path from 'node:path';
import * as vscode from 'vscode';
import type { PanelHostApi, PanelState } from '../../protocol/panel.ts';
import type { ModelSummary, Progress, Reply, RunRequest } from '../../protocol/worker.ts';
import { LayerscopeError } from '../../core/errors.ts';
import { chooseModel } from '../actions/choose.ts';
import { COMMANDS } from '../commands.ts';
import { codePlace } from '../code/place.ts';
import { modelOptions } from '../code/model-setting.ts';
import type { Services } from '../services.ts';
import type { Calls } from './calls.ts';
import type { ReplyCache } from './cache.ts';
import { commandLine } from '../../core/command-line.ts';
import { writeDescription } from './description.ts';
import { imageChoices, pickImage } from './images.ts';
import { chooseHtmlFile, openPlace, savePicture, writeHtml } from './outside.ts';

interface Panel {
  readonly model: string;
  readonly services: Services;
  readonly cache: ReplyCache;
  readonly calls: Calls;
  /** Tells the page how far a run is. */
  progress(id: number, progress: Progress): void;
  /** The page stands: says what it is to show, once. */
  takeState(): PanelState;
  /** The model is open. */
  opened(summary: ModelSummary): void;
}

/** What a panel's page asks of the extension, for one model. */
export function panelHost(panel: Panel): PanelHostApi {
  const { model, services, cache, calls } = panel;
  const { worker } = services;
  let summary: ModelSummary | undefined;

  const open = async (): Promise<Reply<ModelSummary>> => {
    const reply = await worker.open(model, modelOptions(model));
    // Where the file lies, its editor says.
    if (!reply.ok) return { ...reply, message: reply.message.replaceAll(path.dirname(model) + path.sep, '') };
    panel.opened((summary = reply.value));
    return reply;
  };
  const full = (run: Omit<RunRequest, 'model' | 'options'>): RunRequest => ({
    ...run,
    model,
    options: modelOptions(model),
  });

  const parts = () => summary?.parts ?? [];

  /** The model opens while the page loads. */
  let early: Promise<Reply<ModelSummary>> | undefined = open();

  return {
    async ready() {
      calls.cancelAll();
      const opening = early ?? open();
      early = undefined;
      const [opened, methods] = await Promise.all([opening, worker.methods()]);
      if (!opened.ok) return opened;
      if (!methods.ok) return methods;
      return { ok: true, value: { model: opened.value, methods: methods.value, state: panel.takeState() } };
    },
    images: () => imageChoices(model, summary?.description.sampleImages),
    pickImage: () => pickImage(model),
    classify: (id, image) => {
      const options = modelOptions(model);
      return calls.with(id, (signal) =>
        cache.get({ what: `classify ${JSON.stringify(options)}`, model, parts: parts(), image }, () =>
          worker.classify(model, image, options, { signal }),
        ),
      );
    },
    previews: (id, image) => {
      const options = modelOptions(model);
      return calls.with(id, (signal) =>
        cache.get({ what: `previews ${JSON.stringify(options)}`, model, parts: parts(), image }, () =>
          worker.previews(model, image, options, { signal }),
        ),
      );
    },
    connections: (layer, unit) => worker.connections(model, layer, unit, modelOptions(model)),
    live: (id, layer, frame) =>
      calls.with(id, (signal) => worker.live(model, layer, frame, modelOptions(model), { signal })),
    compare: (id, run) =>
      calls.with(id, (signal) => worker.compare(full(run), modelOptions(run.with ?? model), { signal })),
    pickModel: () => chooseModel(vscode.l10n.t('Compare with Model'), { but: model }),
    run: (id, run) => {
      const { image, style, ...said } = full(run);
      const request = { ...said, ...(image && { image }), ...(style && { style }) };
      return calls.with(id, (signal, pauses) =>
        cache.get({ what: `run ${JSON.stringify(said)}`, model, parts: parts(), image, style }, () =>
          worker.run(request, {
            signal,
            pauses,
            onProgress: (progress) => {
              if (!signal.aborted) panel.progress(id, progress);
            },
          }),
        ),
      );
    },
    cancel: async (id) => calls.cancel(id),
    pause: async (id, paused) => calls.pause(id, paused),
    restart: () => services.restartWorker(),
    saveReport: (id, report) =>
      calls.with(id, async (signal) => {
        const { image } = report;
        const of = image && path.parse('path' in image ? image.path : image.name).name;
        const dialog = { title: vscode.l10n.t('Save report'), saveLabel: vscode.l10n.t('Make Report') };
        const file = await chooseHtmlFile(path.join(path.dirname(model), `${of ?? 'report'}.html`), dialog);
        if (file === undefined) return { ok: true, value: undefined };
        const request = { ...report, model, options: modelOptions(model) };
        const onProgress = (progress: Progress) => panel.progress(id, progress);
        const made = await worker.report(request, { signal, onProgress });
        return made.ok ? writeHtml(file, new TextEncoder().encode(made.value)) : made;
      }),
    savePicture: (name, file) => savePicture(path.join(path.dirname(model), name), file),
    openGallery: async (layer, image) =>
      void vscode.commands.executeCommand(COMMANDS.openGallery, { model, layer, ...(image && { image }) }),
    copyText: async (text) => vscode.env.clipboard.writeText(text),
    commandLine: async (run) => commandLine(full(run), modelOptions(model)),
    codePlace: async (layer) => codePlace(layer, model, summary?.layers ?? []),
    openCode: openPlace,
    async describe(options) {
      try {
        await writeDescription(model, options);
      } catch (error) {
        if (error instanceof LayerscopeError) return { ok: false, kind: error.kind, message: error.message };
        return { ok: false, kind: 'defect', message: String(error) };
      }
      return open();
    },
    showLog: async () => services.log.show(true),
  };
}
