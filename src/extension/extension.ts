import type * as vscode from 'vscode';
import { registerActions } from './actions/register.ts';
import { registerCode } from './code/register.ts';
import { registerGallery } from './gallery/register.ts';
import { Panels } from './panels/panels.ts';
import { watchSavedModels } from './saved-models.ts';
import { Services } from './services.ts';

export interface Layerscope {
  readonly services: Services;
  readonly panels: Panels;
}

/** Registers, and nothing more: files are read, and the child process is started, when something is asked. */
export function activate(context: vscode.ExtensionContext): Layerscope {
  const services = new Services(context);
  const panels = new Panels(services);
  context.subscriptions.push(
    services,
    panels,
    registerActions(services, panels),
    registerCode(context, services),
    registerGallery(services, panels, context.workspaceState),
    watchSavedModels(),
  );
  return { services, panels };
}
