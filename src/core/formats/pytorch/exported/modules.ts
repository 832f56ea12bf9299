import type { ExportedNode } from './program.ts';

/** The module that calls a function, and the classes of those around it. */
export interface ModuleCall {
  readonly path: string;
  readonly kinds: ReadonlyMap<string, string>;
}

/** `KEY,PATH,CLASS;…` from the network inwards; older versions write paths as `L['self'].features`. */
export function moduleOf({ metadata }: ExportedNode): ModuleCall {
  const stack = metadata['nn_module_stack'];
  const kinds = new Map<string, string>();
  let path = '';
  if (typeof stack !== 'string') return { path, kinds };
  for (const entry of stack.split(';')) {
    const [, own = '', type = ''] = entry.split(',');
    if (own.startsWith('_empty_nn_module_stack')) continue;
    path = own.replace(/^L\['self'\]\.?/, '').replace(/@\d+$/, '');
    const kind = /(\w+)'?>?$/.exec(type)?.[1];
    if (path !== '' && kind !== undefined) kinds.set(path, kind);
  }
  return { path, kinds };
}
