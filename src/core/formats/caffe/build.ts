import { BATCH, type Shape } from '../../graph/graph.ts';
import { isKnown } from '../../graph/operators/index.ts';
import type { Layer, ModelInput, UnknownOperator } from '../../model.ts';
import { Draft } from '../draft.ts';
import { damaged } from '../failure.ts';
import type { OpenedModel } from '../format.ts';
import { followActivations } from '../layers.ts';
import { Call, ShapeUnknown, UnknownSetting, type Shared } from './call.ts';
import { LAYERS } from './layers/index.ts';
import type { CaffeLayer, NetInput } from './net.ts';
import type { RunnableNet } from './runnable.ts';
import type { Weights } from './weights.ts';

/** Writes a net and its weights as a graph. Shapes of inputs must be known. */
export function buildNet(net: RunnableNet, weights: Weights): OpenedModel {
  return new NetBuilder(net, weights).build();
}

class NetBuilder {
  readonly #draft = new Draft();
  readonly #layers: Layer[] = [];
  readonly #inputs: ModelInput[] = [];
  readonly #unknown: UnknownOperator[] = [];
  readonly #names = new Set<string>();
  /** The tensor that each blob's name means at this place in the net. */
  readonly #blobs = new Map<string, string>();
  /** Blobs that nothing has taken yet, and how much each counts in training. */
  readonly #free = new Map<string, number>();
  readonly #shared: Shared;

  constructor(
    readonly net: RunnableNet,
    readonly weights: Weights,
  ) {
    const batch = net.inputs[0]?.shape[0] ?? 1;
    this.#shared = { draft: this.#draft, weights, batch, warnings: new Set() };
  }

  build(): OpenedModel {
    for (const input of this.net.inputs) this.#input(input);
    for (const layer of this.net.layers) this.#layer(layer);
    // Of a training net's several classifiers, the one that counts most comes first.
    const free = [...this.#free].sort(([, a], [, b]) => b - a).map(([blob]) => this.#blobs.get(blob)!);
    this.#draft.outputs.push(...new Set(free));
    this.#draft.dropUnused();
    const graph = this.#draft.graph();
    return {
      graph,
      inputs: this.#inputs,
      layers: followActivations(graph, this.#layers),
      unknown: this.#unknown,
      warnings: [...this.#shared.warnings],
    };
  }

  #input({ name, shape }: NetInput): void {
    const sizes = shape.slice(1);
    if (shape.length === 0 || !sizes.every((size) => Number.isInteger(size) && size > 0))
      throw damaged(
        `input '${name}' has the shape [${shape.join(', ')}]; a batch and sizes of one or more were expected`,
      );
    const free: Shape = [BATCH, ...sizes];
    const tensor = this.#draft.input(name, free);
    this.#inputs.push({ name: tensor, shape: free, layout: free.length === 4 ? 'NCHW' : 'NF' });
    this.#blobs.set(name, tensor);
    const own = this.#unique(name);
    this.#layers.push({
      name: own,
      kind: 'Input',
      output: tensor,
      before: tensor,
      after: tensor,
      nodes: [],
      weights: [],
    });
  }

  #layer(layer: CaffeLayer): void {
    const name = this.#unique(layer.name || layer.tops[0] || layer.type);
    const inputs = layer.bottoms.map((bottom) => {
      const tensor = this.#blobs.get(bottom);
      if (tensor === undefined)
        throw damaged(`layer '${name}' (${layer.type}) takes '${bottom}', which no layer before it makes`);
      return tensor;
    });
    const from = this.#draft.nodes.length;
    const call = new Call(layer, name, inputs, this.#shared);
    const outputs = this.#make(call);
    if (outputs.length < layer.tops.length) throw call.wrong(`${layer.tops.length} tops; ${outputs.length} expected`);
    for (const bottom of layer.bottoms) this.#free.delete(bottom);
    const counts = layer.settings.numbers('loss_weight');
    layer.tops.forEach((top, i) => {
      this.#blobs.set(top, outputs[i]!);
      this.#free.set(top, counts[i] ?? 1);
    });
    if (layer.type === 'Split') return;
    const output = outputs[0]!;
    this.#layers.push({
      name,
      kind: layer.type,
      output,
      before: ACTIVATION_LAYERS.has(layer.type) ? call.input : output,
      after: output,
      nodes: this.#draft.nodes.slice(from).map((node) => node.name),
      weights: call.used,
    });
  }

  #make(call: Call): readonly string[] {
    const { type } = call.layer;
    if (type === 'Split') return call.layer.tops.map(() => call.input);
    const build = Object.hasOwn(LAYERS, type) ? LAYERS[type] : undefined;
    if (!build) return this.#unknownLayer(call, isKnown(type) ? `caffe.${type}` : type);
    try {
      return build(call);
    } catch (error) {
      if (error instanceof UnknownSetting) return this.#unknownLayer(call, `${type} ${error.message}`);
      // Behind an unknown layer the shape can't be known: the structure is kept.
      if (error instanceof ShapeUnknown) return this.#opaque(call, `caffe.${type}`);
      throw error;
    }
  }

  #unknownLayer(call: Call, op: string): readonly string[] {
    this.#unknown.push({ op, node: call.name });
    return this.#opaque(call, op);
  }

  /** A node that can be seen, not run, with the layer's weights as the file has them. */
  #opaque(call: Call, op: string): readonly string[] {
    const weights = this.weights.blobs(call.layer).map((blob, i) => call.weight(i, `blob${i}`, blob.shape));
    const wishes = call.layer.tops.map((_, i) => (i === 0 ? call.name : `${call.name}/${i}`));
    const outputs = (wishes.length > 0 ? wishes : [call.name]).map((wish) => this.#draft.unique(wish));
    return this.#draft.addNode(op, [...call.inputs, ...weights], outputs, {}, call.name);
  }

  #unique(wish: string): string {
    let name = wish;
    for (let n = 1; this.#names.has(name); n++) name = `${wish}:${n}`;
    this.#names.add(name);
    return name;
  }
}

const ACTIVATION_LAYERS: ReadonlySet<string> = new Set([
  'ReLU',
  'ReLU6',
  'PReLU',
  'ELU',
  'Sigmoid',
  'TanH',
  'BNLL',
  'Swish',
  'Clip',
  'Softmax',
]);
