import { engineError, firstLine } from '../../errors.ts';
import type { Engine } from '../engine.ts';
import { Device } from './device.ts';
import { compile } from './executable.ts';

/** TensorFlow.js on WebAssembly, one thread: runs wherever Node does. Rejects with an engine error where it can't be loaded. */
export async function createTfjsWasm(): Promise<Engine> {
  try {
    const library = await import('./tensorflow-js.ts');
    const device = new Device(library, 'wasm');
    await withoutListeners(() => device.activate());
    return {
      id: 'tfjs-wasm',
      version: library.version_core,
      compile: (graph) => compile(device, graph),
    };
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
