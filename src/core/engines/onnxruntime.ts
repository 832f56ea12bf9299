import type * as ort from 'onnxruntime-node';
import { engineError } from '../errors.ts';
import { encodeOnnx } from '../formats/onnx/encode.ts';
import { foldBatchNormalization } from '../graph/fold-batch-normalization.ts';
import type { Graph } from '../graph/graph.ts';
import { prune } from '../graph/passes.ts';
import { elements, type DType, type Tensor } from '../graph/tensor.ts';
import type { Engine, Executable, Feeds } from './engine.ts';
import { steepGates } from './steep-gates.ts';
import { inFiles } from './weights.ts';

type Runtime = typeof ort;

/** ONNX Runtime, native, on the CPU. Rejects with an engine error where its library can't be loaded. */
export async function createOnnxRuntime(): Promise<Engine> {
  let runtime: Runtime;
  try {
    const loaded = await import('onnxruntime-node');
    runtime = (loaded as unknown as { default?: Runtime }).default ?? loaded;
  } catch (error) {
    throw engineError(
      `ONNX Runtime can't be loaded on ${process.platform}-${process.arch}: ${firstLine(error)}`,
      error,
    );
  }
  return {
    id: 'onnxruntime',
    version: runtime.env.versions.node ?? runtime.env.versions.common,
    compile: (graph) => compile(runtime, graph),
  };
}

/** A graph as ONNX Runtime gets it: the bytes of a file, and the options of a session that runs it. */
export function programFor(graph: Graph): {
  readonly bytes: Uint8Array;
  readonly options: ort.InferenceSession.SessionOptions;
} {
  const { graph: program, folder } = inFiles(prune(steepGates(foldBatchNormalization(graph)), graph.outputs));
  return {
    bytes: encodeOnnx(program, { folder }),
    options: {
      ...(folder !== undefined && { extra: { session: { model_external_initializers_file_folder_path: folder } } }),
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    },
  };
}

async function compile(runtime: Runtime, graph: Graph): Promise<Executable> {
  const started = performance.now();
  const { bytes, options } = programFor(graph);
  let session: ort.InferenceSession;
  try {
    session = await runtime.InferenceSession.create(bytes, options);
  } catch (error) {
    throw engineError(`ONNX Runtime refused the program: ${firstLine(error)}`, error);
  }
  return {
    compileTime: performance.now() - started,
    async run(feeds, fetches = graph.outputs) {
      try {
        const given = Object.fromEntries(session.inputNames.map((name) => [name, toRuntime(runtime, feeds, name)]));
        const results = await session.run(given, [...fetches]);
        return Object.fromEntries(fetches.map((name) => [name, fromRuntime(results[name]!)]));
      } catch (error) {
        throw engineError(`ONNX Runtime failed: ${firstLine(error)}`, error);
      }
    },
    dispose: () => session.release(),
  };
}

function toRuntime(runtime: Runtime, feeds: Feeds, name: string): ort.Tensor {
  const tensor = feeds[name];
  if (!tensor) throw new Error(`no value was given for the input '${name}'`);
  if (tensor.data.length !== elements(tensor.shape)) throw new Error(`the input '${name}' does not fill its shape`);
  return new runtime.Tensor(tensor.dtype as 'float32', tensor.data as Float32Array, tensor.shape);
}

const fromRuntime = (tensor: ort.Tensor): Tensor => ({
  dtype: tensor.type as DType,
  shape: tensor.dims,
  data: tensor.data as Float32Array,
});

const firstLine = (error: unknown) => String((error as Error)?.message ?? error).split('\n')[0]!;
