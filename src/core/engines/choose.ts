import { engineError, usageError } from '../errors.ts';
import type { Model } from '../model.ts';
import type { Engine, EngineId } from './engine.ts';
import { FallbackEngine, type Candidate } from './fallback.ts';
import { fastest, otherResults } from './fastest.ts';
import { agree, forwardTrial, measure } from './measure.ts';
import { EngineMemory } from './memory.ts';
import { createOnnxRuntime } from './onnxruntime.ts';
import { createTfjsNode, hasTfjsNode } from './tfjs/node.ts';
import { createTfjsWasm } from './tfjs/wasm.ts';

/** How each engine is made. */
const ENGINES: Readonly<Record<EngineId, () => Promise<Engine>>> = {
  onnxruntime: createOnnxRuntime,
  'onnxruntime-webgpu': () => createOnnxRuntime('webgpu'),
  'onnxruntime-coreml': () => createOnnxRuntime('coreml'),
  'onnxruntime-dml': () => createOnnxRuntime('dml'),
  'tfjs-node': createTfjsNode,
  'tfjs-wasm': createTfjsWasm,
};

const isEngine = (name: string): name is EngineId => Object.hasOwn(ENGINES, name);

/** Throws a usage error for an unknown name. */
export function checkEngine(name: string): void {
  if (name !== 'auto' && !isEngine(name))
    throw usageError(`There is no engine '${name}': choose auto, ${Object.keys(ENGINES).join(', ')}.`);
}

const loaded = new Map<EngineId, Promise<Engine>>();

/** Loads an engine, once. */
function load(id: EngineId): Promise<Engine> {
  let engine = loaded.get(id);
  if (!engine) {
    engine = ENGINES[id]();
    loaded.set(id, engine);
    engine.catch(() => loaded.delete(id));
  }
  return engine;
}

const candidate = (id: EngineId): Candidate => ({ id, load: () => load(id) });

interface Choice {
  /** For which `auto` chooses; without one nothing is measured. */
  readonly model?: Model;
  /** Where measurements are kept; without it nothing is measured. */
  readonly cacheFolder?: string | undefined;
}

/**
 * The engine of that name alone; or with `auto` the fastest for a model that gives the right results, the others after it
 * where it fails: ONNX Runtime on the processor, unless one that need not be there is faster. Rejects with a usage error for
 * an unknown name, an engine error where none loads.
 */
export async function chooseEngine(name = 'auto', choice: Choice = {}): Promise<Engine> {
  checkEngine(name);
  const { model, cacheFolder } = choice;
  if (isEngine(name)) return named(name, model);
  const rivals = rivalsOf();
  const usual: EngineId[] = ['onnxruntime', ...rivals, 'tfjs-wasm'];
  if (rivals.length === 0 || !model || cacheFolder === undefined) return FallbackEngine.start(usual.map(candidate));
  const { first, notices } = await fastest(
    candidate('onnxruntime'),
    rivals.map(candidate),
    model,
    new EngineMemory(cacheFolder, rivals.join(' ')),
  );
  const order = [first, ...usual.filter((id) => id !== first)];
  return FallbackEngine.start(order.map(candidate), notices);
}

/** A provider of ONNX Runtime is used for a model only where it gives the results that the processor gives. */
async function named(id: EngineId, model: Model | undefined): Promise<Engine> {
  const engine = await load(id);
  const trial = id.startsWith('onnxruntime-') && model ? forwardTrial(model) : undefined;
  if (trial && !agree(await measure(engine, trial, 0), await measure(await load('onnxruntime'), trial, 0)))
    throw engineError(`${otherResults(id)}; choose auto or onnxruntime.`);
  return engine;
}

/**
 * What may be faster than ONNX Runtime on the processor. Graphics processors are not among them: a driver's first run may hold
 * the process for many seconds, or end it.
 */
const rivalsOf = (): EngineId[] => (hasTfjsNode() ? ['tfjs-node'] : []);
