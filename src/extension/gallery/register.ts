import * as vscode from 'vscode';
import { chooseModel } from '../actions/choose.ts';
import { COMMANDS } from '../commands.ts';
import type { Panels } from '../panels/panels.ts';
import { modelAt } from '../saved-models.ts';
import { sampleModel } from '../sample.ts';
import type { Services } from '../services.ts';
import { AllThumbnails } from './all-thumbnails.ts';
import { chooseLayer } from './choose-layer.ts';
import { Galleries, type GalleryArguments } from './galleries.ts';

/** Whether thumbnails of all layers are being computed: the palette then offers to pause and to stop. */
const COMPUTING = 'layerscope.computingThumbnails';

/** Models whose thumbnails are being computed, and whether that is paused: a window that comes again goes on. */
const KEPT = 'layerscope.thumbnails';

/** Registers the thumbnails of whole models, and galleries of layers. */
export function registerGallery(services: Services, panels: Panels, state: vscode.Memento): vscode.Disposable {
  const jobs = new Map<string, AllThumbnails>();
  const begun = state.get<Record<string, boolean>>(KEPT, {});
  let leaving = false;
  const tell = () => {
    if (leaving) return;
    void vscode.commands.executeCommand('setContext', COMPUTING, jobs.size > 0);
    void state.update(KEPT, Object.fromEntries([...jobs].map(([model, job]) => [model, job.paused])));
  };

  const galleries = new Galleries(services, panels);
  const activeModel = () => panels.all.find(({ view }) => view.active)?.model ?? galleries.activeModel;

  const openGallery = async (given?: GalleryArguments) => {
    const shown = given ?? (await chooseLayer(services, activeModel()));
    if (shown) galleries.show(shown);
  };
  const compute = async (uri?: vscode.Uri) => {
    const title = vscode.l10n.t('Compute Thumbnails of All Layers');
    const model = uri
      ? await modelAt(uri.fsPath)
      : (activeModel() ?? (await chooseModel(title, { open: panels.models, sample: () => sampleModel(services) })));
    if (model !== undefined) await start(model);
  };
  const start = async (model: string, paused = false) => {
    if (jobs.has(model)) return;
    const job = new AllThumbnails(services, model);
    if (paused) job.pause();
    jobs.set(model, job);
    tell();
    await job.run();
    if (jobs.get(model) === job) jobs.delete(model);
    tell();
  };
  /** One model's, else all. */
  const meant = (model?: string) => [...jobs.values()].filter((job) => model === undefined || job.model === model);
  const pause = (model?: string) => {
    for (const job of meant(model)) job.pause();
    tell();
  };
  const stop = (model?: string) => {
    for (const job of meant(model)) {
      job.stop();
      jobs.delete(job.model);
    }
    tell();
  };
  for (const [model, paused] of Object.entries(begun)) void start(model, paused);
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand(COMMANDS.computeAllThumbnails, compute),
    registerCommand(COMMANDS.pauseThumbnails, pause),
    registerCommand(COMMANDS.stopThumbnails, stop),
    registerCommand(COMMANDS.openGallery, openGallery),
    galleries,
    { dispose: () => ((leaving = true), stop()) },
  );
}
