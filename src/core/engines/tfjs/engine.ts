import { engineError, firstLine, LayerscopeError } from '../../errors.ts';
import type { Engine, EngineId } from '../engine.ts';
import type { Device } from './device.ts';
import { compile } from './executable.ts';

/** A device of TensorFlow.js as an engine: what it throws comes out as engine errors. */
export function tfjsEngine(id: EngineId, version: string, device: Device): Engine {
  const name = id === 'tfjs-wasm' ? 'TensorFlow.js (wasm)' : 'TensorFlow (tfjs-node)';
  const told = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof LayerscopeError) throw error;
      throw engineError(`${name} ${what}: ${firstLine(error)}`, error);
    }
  };
  return {
    id,
    version,
    async compile(graph) {
      const program = await told('refused the program', () => compile(device, graph));
      return { ...program, run: (feeds, fetches) => told('failed', () => program.run(feeds, fetches)) };
    },
  };
}
