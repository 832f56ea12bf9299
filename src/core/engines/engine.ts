import type { Graph } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Provider } from './providers.ts';

export type EngineId = 'onnxruntime' | `onnxruntime-${Provider}` | 'tfjs-node' | 'tfjs-wasm';

/** A value that will never change may say so: a lane keeps it until it is fed with another one. */
export interface Feed extends Tensor {
  readonly constant?: boolean;
}

export type Feeds = Readonly<Record<string, Feed>>;

export interface CompileOptions {
  /**
   * Programs of different lanes (0, 1 …) run at the same time, beside the calling thread, each with its share of the
   * cores. Without: in the calling thread, with all of them. Engines that have no lanes do as without.
   */
  readonly lane?: number;
  /** For short runs in turn with another program's: its threads don't keep a core busy while they wait for the next one. */
  readonly yields?: boolean;
  /** Each row of every output is an image's, made from its rows of the inputs alone: they may be computed one image after the other. */
  readonly separate?: boolean;
}

/** Runs graphs; knows no method. */
export interface Engine {
  readonly id: EngineId;
  readonly version: string;
  /** How many lanes are worth using; none: one. */
  readonly lanes?: number;
  /** What the user should know, one line each: an engine that failed, and which one runs in its place. */
  readonly notices?: readonly string[];
  /** Makes a graph ready to run: its outputs, and only what they need. Rejects with an engine error. */
  compile(graph: Graph, options?: CompileOptions): Promise<Executable>;
}

export interface Executable {
  /** Milliseconds that compiling took. */
  readonly compileTime: number;
  /** Runs once. `fetches` are outputs of the graph; default all. Rejects with an engine error. */
  run(feeds: Feeds, fetches?: readonly string[]): Promise<Record<string, Tensor>>;
  dispose(): Promise<void>;
}
