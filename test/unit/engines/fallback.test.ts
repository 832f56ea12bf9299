import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeNpy } from '../../../src/core/arrays/npy.ts';
import type { Engine, EngineId } from '../../../src/core/engines/engine.ts';
import { FallbackEngine, type Candidate } from '../../../src/core/engines/fallback.ts';
import { createTfjsWasm } from '../../../src/core/engines/tfjs/wasm.ts';
import { engineError } from '../../../src/core/errors.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { summarize } from '../../../src/core/inspect.ts';
import { runMethod } from '../../../src/core/run.ts';
import { Session } from '../../../src/core/session.ts';
import { ramp, tinyNetwork } from '../visualizers/tiny-network.ts';

const npy = join(mkdtempSync(join(tmpdir(), 'layerscope-')), 'image.npy');
writeFileSync(npy, encodeNpy(float32(ramp(90, 3), [1, 3, 6, 5])));

const builder = new GraphBuilder();
const doubled = builder.add('Add', [builder.input('x', [-1, 2]), 'x'], {}, 'y');
const graph = builder.graph([doubled]);
const feeds = { x: float32([1, 2], [1, 2]) };

/** An engine that fails in one way; it counts what it compiled. */
function failing(id: EngineId, when: 'compile' | 'run', compiled: string[] = []): Candidate {
  const engine: Engine = {
    id,
    version: '1',
    async compile() {
      compiled.push(id);
      if (when === 'compile') throw engineError(`${id} refused the program: out of memory.`);
      return {
        compileTime: 0,
        run: () => Promise.reject(engineError(`${id} failed: device lost`)),
        dispose: async () => {},
      };
    },
  };
  return { id, load: async () => engine };
}
const missing = (id: EngineId): Candidate => ({
  id,
  load: () => Promise.reject(engineError(`${id} can't be loaded: no library`)),
});
const wasm: Candidate = { id: 'tfjs-wasm', load: createTfjsWasm };

const run = async (engine: Engine) => [
  ...((await (await engine.compile(graph)).run(feeds))['y']!.data as Float32Array),
];

describe('a failing engine', () => {
  it('that does not load is passed over, and that is said', async () => {
    const engine = await FallbackEngine.start([missing('onnxruntime'), wasm]);
    expect(engine.id).toBe('tfjs-wasm');
    expect(engine.notices).toEqual(["onnxruntime can't be loaded: no library. tfjs-wasm runs in its place."]);
    expect(await run(engine)).toEqual([2, 4]);
  });

  it('that refuses a program leaves it to the next, and keeps the others', async () => {
    const compiled: string[] = [];
    const engine = await FallbackEngine.start([failing('onnxruntime', 'compile', compiled), wasm]);
    expect(await run(engine)).toEqual([2, 4]);
    expect(await run(engine)).toEqual([2, 4]);
    expect(compiled).toEqual(['onnxruntime', 'onnxruntime']);
    expect(engine.id).toBe('onnxruntime');
    expect(engine.notices).toEqual(['onnxruntime refused the program: out of memory. tfjs-wasm runs in its place.']);
  });

  it('that fails while running is left by every program', async () => {
    const compiled: string[] = [];
    const engine = await FallbackEngine.start([failing('onnxruntime', 'run', compiled), wasm]);
    const first = await engine.compile(graph);
    const second = await engine.compile(graph);
    for (const program of [first, first, second]) expect((await program.run(feeds))['y']!.shape).toEqual([1, 2]);
    expect(await run(engine)).toEqual([2, 4]);
    expect(compiled).toHaveLength(2);
    expect(engine.id).toBe('tfjs-wasm');
    expect(engine.notices).toEqual(['onnxruntime failed: device lost. tfjs-wasm runs in its place.']);
  });

  it('falls further where the next one fails too', async () => {
    const engine = await FallbackEngine.start([
      failing('onnxruntime', 'run'),
      missing('tfjs-node'),
      failing('tfjs-node', 'compile'),
      wasm,
    ]);
    expect(await run(engine)).toEqual([2, 4]);
    expect(engine.id).toBe('tfjs-wasm');
  });

  it('is believed where all fail: it was the program', async () => {
    const engine = await FallbackEngine.start([failing('onnxruntime', 'run'), failing('tfjs-node', 'compile')]);
    await expect(run(engine)).rejects.toThrow('onnxruntime failed: device lost');
    expect(engine.notices).toEqual([]);
    await expect(FallbackEngine.start([missing('onnxruntime'), missing('tfjs-wasm')])).rejects.toThrow(
      "onnxruntime can't be loaded",
    );
  });

  it('is not blamed for what is missing among the inputs', async () => {
    const engine = await FallbackEngine.start([wasm]);
    const program = await engine.compile(graph);
    await expect(program.run({})).rejects.toThrow("TensorFlow.js (wasm) failed: no value was given for the input 'x'");
  });
});

it('a method goes on where its engine is lost, and its result, the panel and the command line say so', async () => {
  const dying: Candidate = failing('onnxruntime', 'run');
  const { model, description } = await tinyNetwork();
  const session = new Session(model, await FallbackEngine.start([dying, wasm]), description);
  const request = { method: 'activations', model: model.file, layer: model.layers[1]!.name, image: { path: npy } };
  const steps = runMethod(session, request, new AbortController().signal);
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  const said = 'onnxruntime failed: device lost. tfjs-wasm runs in its place.';
  expect(step.value.result.notes).toContain(said);
  expect(step.value.provenance.engine).toBe('tfjs-wasm');
  expect(summarize(session).warnings).toContain(said);
  await session.dispose();
});
