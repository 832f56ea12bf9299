import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineId, Feeds } from '../../../src/core/engines/engine.ts';
import type { Candidate } from '../../../src/core/engines/fallback.ts';
import { fastest } from '../../../src/core/engines/fastest.ts';
import { engineError } from '../../../src/core/errors.ts';
import type { Tensor } from '../../../src/core/graph/tensor.ts';
import { chooseEngine } from '../../../src/core/engines/choose.ts';
import { agree, forwardTrial, measure, smallTrial } from '../../../src/core/engines/measure.ts';
import { EngineMemory } from '../../../src/core/engines/memory.ts';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { createTfjsWasm } from '../../../src/core/engines/tfjs/wasm.ts';
import { openModel } from '../../../src/core/formats/index.ts';

let folder: string;
beforeAll(async () => void (folder = await fs.mkdtemp(path.join(os.tmpdir(), 'layerscope-engines-'))));
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const digits = path.join(import.meta.dirname, '../../../media/samples/digits.onnx');

describe('the choice of an engine', () => {
  it('takes the one that is named, and no other in its place', async () => {
    expect((await chooseEngine('tfjs-wasm')).id).toBe('tfjs-wasm');
    expect((await chooseEngine('onnxruntime')).notices).toBeUndefined();
    await expect(chooseEngine('cuda')).rejects.toThrow(
      "There is no engine 'cuda': choose auto, onnxruntime, onnxruntime-webgpu, onnxruntime-coreml, onnxruntime-dml, tfjs-node, tfjs-wasm.",
    );
  });

  it('is ONNX Runtime where nothing was measured', async () => {
    expect((await chooseEngine()).id).toBe('onnxruntime');
  });
});

describe('the fastest engine for a model', () => {
  /** ONNX Runtime under another name, with other results or another speed. */
  const rival = (id: EngineId, { scale = 1, delay = 0, tried = [] as string[] }): Candidate => ({
    id,
    async load() {
      tried.push(id);
      const engine = await createOnnxRuntime();
      return {
        ...engine,
        id,
        async compile(graph) {
          const program = await engine.compile(graph);
          const results = new Map<Feeds, Record<string, Tensor>>(); // so that it is faster
          return {
            ...program,
            async run(feeds) {
              if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
              const found = results.get(feeds) ?? (await program.run(feeds));
              results.set(feeds, found);
              if (scale === 1) return found;
              return Object.fromEntries(
                Object.entries(found).map(([name, tensor]) => [
                  name,
                  { ...tensor, data: (tensor.data as Float32Array).map((value) => value * scale) },
                ]),
              );
            },
          };
        },
      };
    },
  });
  const reference: Candidate = { id: 'onnxruntime', load: () => createOnnxRuntime() };
  const memoryIn = (name: string) => new EngineMemory(path.join(folder, name), '');

  it('is measured once, and remembered', async () => {
    const [model, memory, tried] = [await openModel(digits), memoryIn('once'), [] as string[]];
    const rivals = [rival('onnxruntime-dml', { delay: 60, tried }), rival('onnxruntime-webgpu', { tried })];
    const found = { first: 'onnxruntime-webgpu', notices: [] };
    expect(await fastest(reference, rivals, model, memory)).toEqual(found);
    expect(await fastest(reference, rivals, model, memory)).toEqual(found);
    expect(tried).toEqual(['onnxruntime-dml', 'onnxruntime-webgpu']);
    expect(await memory.dropped('onnxruntime-dml')).toBe('slower');
    expect(await memory.dropped('onnxruntime-webgpu')).toBeUndefined();
  });

  it('computes what ONNX Runtime computes; one that does not is dropped, and that is said', async () => {
    const [model, memory] = [await openModel(digits), memoryIn('wrong')];
    expect(await fastest(reference, [rival('onnxruntime-coreml', { scale: 1.001 })], model, memory)).toEqual({
      first: 'onnxruntime',
      notices: ['onnxruntime-coreml gives other results than onnxruntime for this model: it is not used.'],
    });
  });

  it('is not one that ended the process, nor one that does not load', async () => {
    const [model, memory, tried] = [await openModel(digits), memoryIn('crash'), [] as string[]];
    await memory.setDropped('onnxruntime-webgpu', 'ended the process');
    const missing: Candidate = { id: 'tfjs-node', load: () => Promise.reject(engineError('no library')) };
    const rivals = [rival('onnxruntime-webgpu', { tried }), missing];
    expect(await fastest(reference, rivals, model, memory)).toEqual({ first: 'onnxruntime', notices: [] });
    expect(tried).toEqual([]);
    expect(await memory.dropped('tfjs-node')).toBe('no library');
  });
});

describe('what was measured', () => {
  it('is kept by model and machine, and lost with the file', async () => {
    const memory = new EngineMemory(folder, 'a');
    expect(await memory.fastest('model')).toBeUndefined();
    await memory.setFastest('model', 'tfjs-node');
    await memory.setDropped('onnxruntime-webgpu', 'ended the process');
    expect(await new EngineMemory(folder, 'a').fastest('model')).toBe('tfjs-node');
    expect(await new EngineMemory(folder, 'a').dropped('onnxruntime-webgpu')).toBe('ended the process');
    expect(await new EngineMemory(folder, 'b').fastest('model')).toBeUndefined();
    await memory.setDropped('onnxruntime-webgpu', undefined);
    expect(await memory.dropped('onnxruntime-webgpu')).toBeUndefined();
    await fs.writeFile(path.join(folder, 'engines.json'), 'not JSON');
    expect(await memory.fastest('model')).toBeUndefined();
    const nowhere = new EngineMemory(path.join(folder, 'engines.json', 'no-folder'), 'a');
    await nowhere.setFastest('model', 'tfjs-node');
    expect(await nowhere.fastest('model')).toBeUndefined();
  });

  it('agrees, or it is told that it does not', async () => {
    const [one, other] = [await createOnnxRuntime(), await createTfjsWasm()];
    const trial = forwardTrial(await openModel(digits))!;
    const [expected, found] = [await measure(one, trial), await measure(other, trial)];
    expect(agree(found, expected)).toBe(true);
    expect(found.milliseconds).toBeGreaterThan(0);
    const [name, tensor] = Object.entries(found.results)[0]!;
    const wrong = {
      ...tensor,
      data: Float32Array.from(tensor.data as Float32Array, (v, i) => (i === 3 ? v + 0.001 : v)),
    };
    expect(agree({ ...found, results: { [name]: wrong } }, expected)).toBe(false);
    expect((await measure(one, smallTrial())).milliseconds).toBeGreaterThan(0);
  });
});
