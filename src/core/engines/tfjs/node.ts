import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import { engineError, firstLine } from '../../errors.ts';
import type { Engine } from '../engine.ts';
import { Device } from './device.ts';
import { tfjsEngine } from './engine.ts';
import type * as library from './tensorflow-js.ts';

const PACKAGE = '@tensorflow/tfjs-node';

/** Where it is looked for beside our own modules: a folder with `node_modules`. */
const FOLDER = 'LAYERSCOPE_TFJS_NODE';

const requireFrom = () => {
  const folder = process.env[FOLDER];
  return createRequire(folder ? join(folder, 'package.json') : import.meta.url);
};

/** Whether the package is there; its native part is only tried when it is loaded. */
export function hasTfjsNode(): boolean {
  try {
    requireFrom().resolve(PACKAGE);
    return true;
  } catch {
    return false;
  }
}

/** TensorFlow, native, by @tensorflow/tfjs-node where that is installed. Rejects with an engine error where it can't be loaded. */
export async function createTfjsNode(): Promise<Engine> {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3'; // it greets on standard error
  // Node 23 took these away; the package's last version still calls them.
  const legacy = util as unknown as Record<string, unknown>;
  legacy['isNullOrUndefined'] ??= (value: unknown) => value === undefined || value === null;
  legacy['isArray'] ??= Array.isArray;
  try {
    const tf = requireFrom()(PACKAGE) as typeof library & { readonly version: Readonly<Record<string, string>> };
    const device = new Device(tf, 'tensorflow');
    await device.activate();
    return tfjsEngine('tfjs-node', tf.version['tfjs-node'] ?? tf.version_core, device);
  } catch (error) {
    throw engineError(`TensorFlow (tfjs-node) can't be loaded: ${firstLine(error)}`, error);
  }
}
