import type { Graph } from '../graph/graph.ts';
import type { Tensor } from '../graph/tensor.ts';

export type EngineId = 'onnxruntime' | 'tfjs-node' | 'tfjs-wasm';

export type Feeds = Readonly<Record<string, Tensor>>;

/** Runs graphs; knows no method. */
export interface Engine {
  readonly id: EngineId;
  readonly version: string;
  /** Makes a graph ready to run: its outputs, and only what they need. Rejects with an engine error. */
  compile(graph: Graph): Promise<Executable>;
}

export interface Executable {
  /** Milliseconds that compiling took. */
  readonly compileTime: number;
  /** Runs once. `fetches` are outputs of the graph; default all. Rejects with an engine error. */
  run(feeds: Feeds, fetches?: readonly string[]): Promise<Record<string, Tensor>>;
  dispose(): Promise<void>;
}
