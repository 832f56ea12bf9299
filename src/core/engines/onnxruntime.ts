import type * as ort from 'onnxruntime-node';
import { engineError, firstLine as message } from '../errors.ts';
import { encodeOnnx } from '../formats/onnx/encode.ts';
import { foldAffine } from '../graph/fold-affine.ts';
import type { Graph } from '../graph/graph.ts';
import { prune } from '../graph/passes.ts';
import { elements, type DType, type Tensor } from '../graph/tensor.ts';
import { ceilPools } from './ceil-pools.ts';
import type { CompileOptions, Engine, Executable, Feeds } from './engine.ts';
import { eachImage, summedByImage } from './image-by-image.ts';
import { fitsLanes } from './lanes/fit.ts';
import { LANES, LANE_THREADS, laneOf } from './lanes/lane.ts';
import type { Fed, Packed } from './lanes/messages.ts';
import { poolSwitches } from './pool-switches.ts';
import { sessionProviders, type Provider } from './providers.ts';
import { steepGates } from './steep-gates.ts';
import { inFiles } from './weights.ts';

type Runtime = typeof ort;

/**
 * ONNX Runtime, native, on the CPU, or on what a provider computes with. Rejects with an engine error where its library can't
 * be loaded; whether the provider finds a device shows when a program is compiled.
 */
export async function createOnnxRuntime(provider?: Provider): Promise<Engine> {
  const runtime = await loadRuntime();
  return {
    id: provider ? `onnxruntime-${provider}` : 'onnxruntime',
    version: runtime.env.versions.node ?? runtime.env.versions.common,
    lanes: provider ? 1 : LANES,
    compile: (graph, options) => compile(runtime, graph, provider ? { provider } : options),
  };
}

async function loadRuntime(): Promise<Runtime> {
  try {
    const loaded = await import('onnxruntime-node');
    return (loaded as unknown as { default?: Runtime }).default ?? loaded;
  } catch (error) {
    throw engineError(
      `ONNX Runtime can't be loaded on ${process.platform}-${process.arch}: ${firstLine(error)}`,
      error,
    );
  }
}

interface Wanted extends Omit<CompileOptions, 'lane'> {
  readonly provider?: Provider | undefined;
}

/** A graph as ONNX Runtime gets it: the bytes of a file, and the options of a session that runs it. */
export function programFor(
  graph: Graph,
  { yields, separate, provider }: Wanted = {},
): {
  readonly bytes: Uint8Array;
  readonly options: ort.InferenceSession.SessionOptions;
} {
  const pooled = ceilPools(foldAffine(graph));
  const switched = provider ? pooled : poolSwitches(pooled);
  const looped = separate ? eachImage : summedByImage;
  const { graph: program, folder } = inFiles(prune(steepGates(switched), graph.outputs));
  return {
    bytes: encodeOnnx(provider ? program : looped(program), { folder }),
    options: {
      extra: {
        // It takes a max-pool's zeros beside the picture for −∞.
        optimization: { disable_specified_optimizers: 'Pad_Fusion' },
        session: {
          ...(folder !== undefined && { model_external_initializers_file_folder_path: folder }),
          ...(yields && { intra_op: { allow_spinning: '0' } }),
        },
      },
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 4, // failures are thrown, and told in one line
    },
  };
}

/** A session, wherever it runs. */
interface Held {
  readonly inputs: readonly string[];
  run(feeds: Readonly<Record<string, Fed>>, fetches: readonly string[]): Promise<Readonly<Record<string, Packed>>>;
  release(): Promise<void>;
}

async function compile(
  runtime: Runtime,
  graph: Graph,
  { lane, ...wanted }: CompileOptions & Wanted = {},
): Promise<Executable> {
  const started = performance.now();
  const { bytes, options: onCpu } = programFor(graph, wanted);
  const { provider } = wanted;
  const options = provider ? { ...onCpu, executionProviders: sessionProviders(provider, graph) } : onCpu;
  const apart = lane !== undefined && LANES > 1 && fitsLanes(graph);
  let session: Held;
  try {
    session = apart ? await inLane(lane, bytes, options) : await here(runtime, bytes, options);
  } catch (error) {
    throw engineError(`ONNX Runtime refused the program: ${firstLine(error)}`, error);
  }
  return {
    compileTime: performance.now() - started,
    async run(feeds, fetches = graph.outputs) {
      try {
        const given = Object.fromEntries(session.inputs.map((name) => [name, packed(feeds, name)]));
        const results = await session.run(given, fetches);
        return Object.fromEntries(fetches.map((name) => [name, unpacked(results[name]!)]));
      } catch (error) {
        throw engineError(`ONNX Runtime failed: ${firstLine(error)}`, error);
      }
    },
    dispose: () => session.release(),
  };
}

async function here(runtime: Runtime, bytes: Uint8Array, options: ort.InferenceSession.SessionOptions): Promise<Held> {
  const session = await runtime.InferenceSession.create(bytes, options);
  return {
    inputs: session.inputNames,
    run: (feeds, fetches) =>
      session.run(
        Object.fromEntries(
          Object.entries(feeds).map(([name, { type, data, dims }]) => [
            name,
            new runtime.Tensor(type as 'float32', data as Float32Array, dims),
          ]),
        ),
        [...fetches],
      ),
    release: () => session.release(),
  };
}

async function inLane(index: number, bytes: Uint8Array, options: ort.InferenceSession.SessionOptions): Promise<Held> {
  const lane = laneOf(index % LANES);
  const { program, inputs } = await lane.compile(bytes, { ...options, intraOpNumThreads: LANE_THREADS });
  return {
    inputs,
    run: (feeds, fetches) => lane.run(program, feeds, fetches),
    release: () => lane.release(program),
  };
}

function packed(feeds: Feeds, name: string): Fed {
  const tensor = feeds[name];
  if (!tensor) throw new Error(`no value was given for the input '${name}'`);
  const { dtype, shape, data, constant = false } = tensor;
  if (data.length !== elements(shape)) throw new Error(`the input '${name}' does not fill its shape`);
  return { type: dtype, data: data as Float32Array, dims: shape, constant };
}

const unpacked = ({ type, data, dims }: Packed): Tensor => ({
  dtype: type as DType,
  shape: dims,
  data: data as Float32Array,
});

/** Of the place in its code and the condition that did not hold the runtime's messages tell first. */
const firstLine = (error: unknown) => message(error).replace(/^.* was false\. /, '');
