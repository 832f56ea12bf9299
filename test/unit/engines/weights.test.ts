import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { inFiles } from '../../../src/core/engines/weights.ts';
import { openModel } from '../../../src/core/formats/index.ts';
import { encodeOnnx } from '../../../src/core/formats/onnx/encode.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH, type Graph } from '../../../src/core/graph/graph.ts';
import { float32, type Tensor } from '../../../src/core/graph/tensor.ts';

const folder = mkdtempSync(join(os.tmpdir(), 'layerscope-weights-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** One convolution, 32 → 64 channels, 3×3: 73,728 bytes of weights. */
function network(seed = 0): Graph {
  const b = new GraphBuilder();
  const x = b.input('x', [BATCH, 32, 5, 5]);
  const w = b.floats(
    'w',
    Float32Array.from({ length: 64 * 32 * 9 }, (_, i) => Math.sin(i + seed)),
    [64, 32, 3, 3],
  );
  return b.graph([b.add('Conv', [x, w], {}, 'y')]);
}

const image = float32(
  Float32Array.from({ length: 800 }, (_, i) => Math.cos(i)),
  [1, 32, 5, 5],
);

async function run(graph: Graph): Promise<Tensor> {
  const engine = await createOnnxRuntime();
  const program = await engine.compile(graph);
  const { y } = await program.run({ x: image });
  await program.dispose();
  return y!;
}

const written = (name: string, seed?: number) => {
  const path = join(folder, name);
  writeFileSync(path, encodeOnnx(network(seed)));
  return path;
};

it('weights of an ONNX file are referred to by their place in it', async () => {
  const path = written('model.onnx');
  const { graph } = await openModel(path);
  const placed = inFiles(graph);
  expect(placed.folder).toBe(folder);
  const { source } = placed.graph.constants.get('w')!;
  const bytes = readFileSync(path);
  expect(bytes.readFloatLE(source!.offset + 4)).toBeCloseTo(Math.sin(1), 6);
  expect(encodeOnnx(graph, { folder }).length).toBeLessThan(1000);
  expect(await run(graph)).toEqual(await run(network()));
});

it('other weights are written once, for all programs, and are the same there', async () => {
  const graph = network(7);
  const [first, second] = [inFiles(graph), inFiles({ ...graph, outputs: graph.outputs })];
  const source = first.graph.constants.get('w')!.source!;
  expect(second.graph.constants.get('w')!.source).toMatchObject({ path: source.path, offset: source.offset });
  expect(first.folder).toBe(dirname(source.path));
  expect(readFileSync(source.path).readFloatLE(source.offset + 8)).toBeCloseTo(Math.sin(9), 6);
  const reference = await (await createOnnxRuntime()).compile(graph);
  expect((await reference.run({ x: image })).y!.data[0]).toBeCloseTo(convolved(graph), 3);
});

it('other weights are written once beside small ones that stay in the model', () => {
  const path = join(folder, 'bias');
  writeFileSync(path, new Uint8Array(256));
  const bias = Object.create(float32(new Float32Array(64), [64]), {
    source: { value: { path, offset: 0, size: 256, modified: statSync(path).mtimeMs } },
  }) as Tensor;
  const { graph, folder: below } = inFiles({
    ...network(9),
    constants: new Map([['b', bias], ...network(9).constants]),
  });
  expect(below).toBe(dirname(graph.constants.get('w')!.source!.path));
  expect(encodeOnnx(graph, { folder: below! }).length).toBeLessThan(1000);
});

it('a file that has changed since is said to have, and is not read', async () => {
  const path = written('changed.onnx', 3);
  const { graph } = await openModel(path);
  appendFileSync(path, 'more');
  const message = 'changed.onnx has changed since it was opened; open it again';
  await expect(run(graph)).rejects.toThrow(message);
  expect(() => graph.constants.get('w')!.data).toThrow(message);
});

it('keeps nothing of a model whose file is gone', async () => {
  const path = written('gone.onnx', 5);
  const { graph } = await openModel(path);
  rmSync(path);
  expect(existsSync(path)).toBe(false);
  await expect(run(graph)).rejects.toThrow('gone.onnx has changed');
});

/** The first value of the output, by the definition. */
function convolved(graph: Graph): number {
  const w = graph.constants.get('w')!.data as Float32Array;
  let sum = 0;
  for (let c = 0; c < 32; c++)
    for (let k = 0; k < 9; k++) sum += w[c * 9 + k]! * image.data[c * 25 + Math.floor(k / 3) * 5 + (k % 3)]!;
  return sum;
}
