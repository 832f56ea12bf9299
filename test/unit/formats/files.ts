import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import h5wasm, { File } from 'h5wasm';
import { afterAll } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { DATA_TYPE, encodeModel, type AttributeProto, type TensorProto } from '../../../src/core/formats/onnx/proto.ts';
import type { Model } from '../../../src/core/model.ts';

/** A folder for this test file's models; it is gone when the tests are done. */
export const folder = mkdtempSync(join(tmpdir(), 'layerscope-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

/** Writes a file into a folder of its own, with others beside it; returns its path. */
export function write(
  name: string,
  content: Uint8Array | string,
  beside: Record<string, Uint8Array | string> = {},
): string {
  const own = mkdtempSync(join(folder, `${count++}-`));
  for (const [other, bytes] of Object.entries(beside)) {
    mkdirSync(dirname(join(own, other)), { recursive: true });
    writeFileSync(join(own, other), bytes);
  }
  const path = join(own, name);
  writeFileSync(path, content);
  return path;
}

/** The message with which a file fails to open, without its path; throws where it opens, or fails otherwise. */
export async function failure(path: string): Promise<string> {
  let model: Model;
  try {
    model = await openModel(path);
  } catch (error) {
    const { name, kind, message } = error as { name: string; kind?: string; message: string };
    if (name !== 'LayerscopeError' || kind !== 'file') throw error;
    if (!message.startsWith(`${path}: `) || message.includes('\n'))
      throw new Error(`not one line: ${message}`, { cause: error });
    return message.slice(path.length + 2);
  }
  throw new Error(`opened, with ${model.layers.length} layers`);
}

export interface OnnxNode {
  readonly op: string;
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: readonly AttributeProto[];
  readonly domain?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface OnnxFile {
  readonly opset?: number;
  readonly inputs?: Readonly<Record<string, readonly (number | string)[]>>;
  /** Element types of inputs that are no floats. */
  readonly elements?: Readonly<Record<string, number>>;
  readonly initializers?: readonly TensorProto[];
  readonly nodes: readonly OnnxNode[];
  readonly outputs: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The bytes of an ONNX file, valid or not. */
export function onnxFile(file: OnnxFile): Uint8Array {
  const {
    opset = 18,
    inputs = { x: ['N', 2, 6, 6] },
    elements = {},
    initializers = [],
    nodes,
    outputs,
    metadata = {},
  } = file;
  return encodeModel({
    irVersion: 8,
    opsetImport: [{ domain: '', version: opset }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'graph',
      node: nodes.map(({ op, name, inputs: from, outputs: to, attributes, domain, metadata: own = {} }) => ({
        opType: op,
        ...(name !== undefined && { name }),
        ...(domain !== undefined && { domain }),
        input: [...from],
        output: [...to],
        attribute: [...(attributes ?? [])],
        metadataProps: Object.entries(own).map(([key, value]) => ({ key, value })),
      })),
      initializer: [...initializers],
      input: Object.entries(inputs).map(([name, shape]) => ({
        name,
        type: {
          tensorType: {
            elemType: elements[name] ?? DATA_TYPE.float,
            shape: { dim: shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size })) },
          },
        },
      })),
      output: outputs.map((name) => ({ name, type: { tensorType: { elemType: DATA_TYPE.float } } })),
    },
  });
}

/** A float32 initializer; values default to a ramp. */
export function floats(name: string, dims: readonly number[], values?: readonly number[]): TensorProto {
  const length = dims.reduce((n, size) => n * size, 1);
  const data = Float32Array.from(values ?? Array.from({ length }, (_, i) => Math.sin(i + 1)));
  return { name, dims: [...dims], dataType: DATA_TYPE.float, rawData: new Uint8Array(data.buffer) };
}

export function ints(name: string, values: readonly number[], dims: readonly number[] = [values.length]): TensorProto {
  const data = BigInt64Array.from(values, BigInt);
  return { name, dims: [...dims], dataType: DATA_TYPE.int64, rawData: new Uint8Array(data.buffer) };
}

/** A layer of a Keras configuration, as Keras 2 writes it. */
export interface KerasLayer {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly inbound_nodes?: unknown;
}

export interface Weights {
  /** Layer (of the outermost model), then weight. */
  readonly [layer: string]: Readonly<Record<string, { shape: readonly number[]; values: readonly number[] }>>;
}

export const sequential = (layers: readonly KerasLayer[]) => ({
  class_name: 'Sequential',
  config: { name: 'sequential', layers },
});

/** A model.json and its one shard. */
export function tfjsFile(config: unknown, weights: Weights): { json: string; shard: Uint8Array } {
  const all = Object.entries(weights).flatMap(([layer, own]) =>
    Object.entries(own).map(([name, weight]) => ({ name: name.includes('/') ? name : `${layer}/${name}`, ...weight })),
  );
  const values = Float32Array.from(all.flatMap((weight) => weight.values));
  const manifest = [
    { paths: ['shard.bin'], weights: all.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) },
  ];
  const json = {
    format: 'layers-model',
    modelTopology: { keras_version: '2.4.0', model_config: config },
    weightsManifest: manifest,
  };
  return { json: JSON.stringify(json), shard: new Uint8Array(values.buffer) };
}

export function writeTfjs(config: unknown, weights: Weights): string {
  const { json, shard } = tfjsFile(config, weights);
  return write('model.json', json, { 'shard.bin': shard });
}

/** The bytes of a Keras HDF5 file, a bare one without both; `edit` adds what a test wants beside, or in place of, that. */
export async function h5File(config: unknown, weights: Weights, edit?: (file: File) => void): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const path = `/written-${count++}.h5`;
  const file = new File(path, 'w');
  if (config !== undefined) file.create_attribute('model_config', JSON.stringify(config));
  if (config !== undefined || Object.keys(weights).length > 0) writeWeights(file, weights);
  edit?.(file);
  file.close();
  const bytes = FS.readFile(path) as Uint8Array;
  FS.unlink(path);
  return bytes;
}

function writeWeights(file: File, weights: Weights): void {
  const root = file.create_group('model_weights');
  root.create_attribute('layer_names', Object.keys(weights));
  for (const [layer, own] of Object.entries(weights)) {
    const group = root.create_group(layer);
    const names = Object.keys(own).map((name) => (name.includes('/') ? `${name}:0` : `${layer}/${name}:0`));
    if (names.length > 0) group.create_attribute('weight_names', names);
    Object.values(own).forEach(({ shape, values }, i) => {
      const parts = names[i]!.split('/');
      let inner = group;
      for (const part of parts.slice(0, -1))
        inner = (inner.keys().includes(part) ? inner.get(part) : inner.create_group(part)) as typeof group;
      inner.create_dataset({ name: parts.at(-1)!, data: Float32Array.from(values), shape: [...shape] });
    });
  }
}

/** Values of a weight: a seeded-looking ramp, the same each time. */
export const ramp = (...shape: number[]) => ({
  shape,
  values: Array.from({ length: shape.reduce((n, size) => n * size, 1) }, (_, i) => Math.sin(i * 1.7 + shape.length)),
});
