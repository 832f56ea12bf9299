import { usageError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { createOnnxRuntime } from './onnxruntime.ts';

/** How each engine is made, the fastest first: `auto` takes the first that loads. */
const ENGINES: Readonly<Record<string, () => Promise<Engine>>> = { onnxruntime: createOnnxRuntime };

const loaded = new Map<string, Promise<Engine>>();

/** Loads an engine, once. Rejects with a usage error for an unknown name, an engine error where none loads. */
export async function chooseEngine(name = 'auto'): Promise<Engine> {
  if (name !== 'auto') {
    const create = Object.hasOwn(ENGINES, name) ? ENGINES[name] : undefined;
    if (!create) throw usageError(`There is no engine '${name}': choose auto, ${Object.keys(ENGINES).join(', ')}.`);
    return once(name, create);
  }
  let failure: unknown;
  for (const [id, create] of Object.entries(ENGINES)) {
    try {
      return await once(id, create);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function once(name: string, create: () => Promise<Engine>): Promise<Engine> {
  let engine = loaded.get(name);
  if (!engine) {
    engine = create();
    loaded.set(name, engine);
    engine.catch(() => loaded.delete(name));
  }
  return engine;
}
