import { LayerscopeError } from '../core/errors.ts';
import type { Reply } from '../protocol/worker.ts';

/** Turns what a handler does into a value: errors cross the border as values, a handler never throws. */
export async function reply<T>(work: () => Promise<T> | T): Promise<Reply<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof LayerscopeError)
      return { ok: false, kind: error.kind, message: error.message, stack: error.stack };
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { ok: false, kind: 'defect', message: `Something went wrong inside Layerscope: ${message}`, stack };
  }
}
