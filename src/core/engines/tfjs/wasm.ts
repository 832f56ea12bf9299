import { engineError, firstLine } from '../../errors.ts';
import type { Engine } from '../engine.ts';
import { Device } from './device.ts';
import { tfjsEngine } from './engine.ts';
import type * as Library from './tensorflow-js.ts';

/** TensorFlow.js on WebAssembly, one thread: runs wherever Node does. Rejects with an engine error where it can't be loaded. */
export async function createTfjsWasm(): Promise<Engine> {
  try {
    const library = await import('./tensorflow-js.ts');
    const device = new Device(library, 'wasm');
    await withoutListeners(() => device.activate());
    refuseWithoutMemory(library);
    return tfjsEngine('tfjs-wasm', library.version_core, device);
  } catch (error) {
    throw engineError(`TensorFlow.js (wasm) can't be loaded: ${firstLine(error)}`, error);
  }
}

/** The module's start leaves handlers in the process that turn any unhandled rejection into a crash. */
async function withoutListeners(work: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.listeners(event as 'uncaughtException'));
  await work();
  events.forEach((event, i) => {
    for (const listener of process.listeners(event as 'uncaughtException'))
      if (!before[i]!.includes(listener)) process.removeListener(event, listener);
  });
}

/**
 * The backend takes what the module's allocator returns as it is: 0, where 4 GB are full, would be written to; and sizes
 * beyond wrap around.
 */
function refuseWithoutMemory(library: typeof Library): void {
  const { wasm } = library.engine().backend as InstanceType<typeof Library.BackendWasm>;
  wasm._free(wasm._malloc(8)); // the first call puts the function itself in the place of a stub
  const allocate = wasm._malloc;
  wasm._malloc = (bytes: number) => {
    const place = bytes < 2 ** 32 ? allocate(bytes) : 0;
    if (place === 0 && bytes > 0) throw new Error(`no memory for ${bytes} more bytes: WebAssembly has 4 GB at most`);
    return place;
  };
}
