import type { Graph, Shape } from './graph/graph.ts';

export type FormatId = 'onnx' | 'keras' | 'tfjs' | 'safetensors' | 'pytorch' | 'caffe' | 'tensorflow';

/** How the file itself lays out an input: what a user's own array of it looks like. */
export type Layout = 'NCHW' | 'NHWC' | 'NF';

/** A layer as the user's code calls it, tied to the tensors of the graph. */
export interface Layer {
  /** Keras layer name (nested models: `outer/inner`), ONNX node name (or its first output, where it has none). */
  readonly name: string;
  /** The framework's term: `Conv2D`, `Conv`, `Dense`, `MaxPooling2D` … */
  readonly kind: string;
  /** The tensor with the layer's own output. */
  readonly output: string;
  /** Before its activation function; the same as `output` where the layer has none of its own. */
  readonly before: string;
  /** After the activation function: its own, or the one that alone follows it; else the same as `output`. */
  readonly after: string;
  /** The names of the nodes it is made of, in the graph's order; empty for an input. */
  readonly nodes: readonly string[];
  /** Its weights in the graph's constants: kernel first (O×I×H×W, or as the operator takes it), then the others. */
  readonly weights: readonly string[];
}

export interface ModelInput {
  /** Name of the graph's input. */
  readonly name: string;
  /** In the graph: N×C×H×W, or N×features. */
  readonly shape: Shape;
  readonly layout: Layout;
  /** As the file declares it, where that is not `shape` in `layout`: N×28×28 for pictures with one channel. */
  readonly declared?: Shape;
}

/** An operator that Layerscope does not know: what depends on it can be seen, not run. */
export interface UnknownOperator {
  readonly op: string;
  readonly node: string;
}

/** How pictures become the network's input. */
export interface Preprocessing {
  readonly channels: 'RGB' | 'BGR' | 'grey';
  /** x = (pixel · scale − mean) / std, pixel in 0..255, mean and std per channel in the order of `channels`. */
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly resize: 'squash' | 'crop';
}

/** A file as it was when it was opened. */
export interface FilePart {
  /** Absolute path. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** An opened model file. */
export interface Model {
  readonly file: string;
  readonly format: FormatId;
  /** SHA-256 of the file (of `model.json` for tfjs, its shards included in their order). */
  readonly sha256: string;
  /** The file, and the others that it consists of: shards of weights, say. */
  readonly parts?: readonly FilePart[];
  readonly graph: Graph;
  readonly inputs: readonly ModelInput[];
  /** In the order of the graph, inputs first. */
  readonly layers: readonly Layer[];
  readonly unknown: readonly UnknownOperator[];
  /** What a user should know, a line each. */
  readonly warnings: readonly string[];
  /**
   * Of a file with weights alone, or without any: what is missing and what to do, one line. Nothing runs; without a net,
   * there are no inputs and outputs.
   */
  readonly missing?: string;
  /** What the file itself says of its input's preparation (Keras `Rescaling`, ONNX metadata), if anything. */
  readonly preprocessing?: Preprocessing;
  /** Class labels that the file itself carries. */
  readonly labels?: readonly string[];
}
