import { createBirpc, type BirpcReturn } from 'birpc';
import type { KeptState } from './state/kept.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export const vscode = acquireVsCodeApi();

/** Runs take as long as they take: cancelling is the user's. */
const NEVER = -1;

/** A page's host, as an object: its calls go over `postMessage`. */
export function connect<HostApi extends object, Api extends object>(api: Api): BirpcReturn<HostApi, Api> {
  return createBirpc<HostApi, Api>(api, {
    post: (message) => vscode.postMessage(message),
    on: (listen) => window.addEventListener('message', (event) => listen(event.data)),
    timeout: NEVER,
  });
}

export const keep = (state: KeptState): void => vscode.setState(state);
export const kept = (): Partial<KeptState> => (vscode.getState() as Partial<KeptState> | undefined) ?? {};
