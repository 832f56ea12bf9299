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

/** Registers the thumbnails of whole models, and galleries of layers. */
export function registerGallery(services: Services, panels: Panels): vscode.Disposable {
  const jobs = new Map<string, AllThumbnails>();
  const tell = () => void vscode.commands.executeCommand('setContext', COMPUTING, jobs.size > 0);

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
    if (model === undefined || jobs.has(model)) return;
    const job = new AllThumbnails(services, model);
    jobs.set(model, job);
    tell();
    await job.run();
    if (jobs.get(model) === job) jobs.delete(model);
    tell();
  };
  /** One model's, else all. */
  const meant = (model?: string) => [...jobs.values()].filter((job) => model === undefined || job.model === model);
  const stop = (model?: string) => {
    for (const job of meant(model)) {
      job.stop();
      jobs.delete(job.model);
    }
    tell();
  };
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand(COMMANDS.computeAllThumbnails, compute),
    registerCommand(COMMANDS.pauseThumbnails, (model?: string) => meant(model).forEach((job) => job.pause())),
    registerCommand(COMMANDS.stopThumbnails, stop),
    registerCommand(COMMANDS.openGallery, openGallery),
    galleries,
    { dispose: () => stop() },
  );
}
