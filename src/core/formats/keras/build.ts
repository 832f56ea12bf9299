import { BATCH, type Shape } from '../../graph/graph.ts';
import { isKnown } from '../../graph/operators/index.ts';
import type { Layer, ModelInput, UnknownOperator } from '../../model.ts';
import { Draft } from '../draft.ts';
import { damaged } from '../failure.ts';
import type { OpenedModel } from '../format.ts';
import { followActivations } from '../layers.ts';
import { sortSteps } from '../order.ts';
import { Call, ShapeUnknown, Unsupported, type Made, type Shared } from './call.ts';
import type { LayerConfig, ModelConfig, Reference } from './config.ts';
import { builderOf } from './layers/index.ts';
import { preprocessingOf } from './preprocessing.ts';
import type { KerasTensor } from './tensor.ts';
import type { WeightTable } from './weights.ts';

/** Height and width where a model leaves them open: the most usual ones. */
const OPEN_SIZE = 224;

/** Writes a Keras model, its configuration and its weights, as a graph. */
export function buildModel(
  config: ModelConfig,
  weights: WeightTable,
  { version = '2', rotated = false }: { readonly version?: string; readonly rotated?: boolean },
): OpenedModel {
  return new ModelBuilder(config, weights, Number.parseInt(version, 10), rotated).build();
}

/** One call of a layer, as a step that takes the results of others. */
interface Step {
  readonly layer: LayerConfig;
  readonly call: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

class ModelBuilder {
  readonly #draft = new Draft();
  readonly #layers: Layer[] = [];
  readonly #inputs: ModelInput[] = [];
  readonly #unknown: UnknownOperator[] = [];
  readonly #warnings: string[] = [];
  readonly #shared: Shared;

  constructor(
    readonly config: ModelConfig,
    weights: WeightTable,
    version: number,
    rotated: boolean,
  ) {
    const channelsLast = !usesChannelsFirst(config);
    this.#shared = { draft: this.#draft, weights, constants: new Map(), channelsLast, version, rotated };
  }

  build(): OpenedModel {
    const results = this.#run(this.config, [], '', undefined);
    this.#draft.outputs.push(...new Set(results.map(({ tensor }) => tensor)));
    this.#draft.dropUnused();
    const graph = this.#draft.graph();
    const preprocessing = preprocessingOf(this.config, this.#shared.weights, this.#inputs[0]);
    return {
      graph,
      inputs: this.#inputs,
      layers: followActivations(graph, this.#layers),
      unknown: this.#unknown,
      warnings: this.#warnings,
      ...(preprocessing && { preprocessing }),
    };
  }

  /** The outputs of a model that is called on `given` (the outermost: on new inputs). */
  #run(
    config: ModelConfig,
    path: readonly string[],
    prefix: string,
    given: readonly KerasTensor[] | undefined,
  ): readonly KerasTensor[] {
    const made = new Map<string, readonly KerasTensor[]>();
    config.inputs.forEach((input, i) => {
      if (given?.[i]) made.set(key(input.layer, 0), [given[i]]);
    });
    for (const { layer, call, inputs } of sortedCalls(config)) {
      const name = `${prefix}${layer.name}${call > 0 ? `:${call}` : ''}`;
      const own = key(layer.name, call);
      if (made.has(own)) continue;
      const taken = inputs.map((input) => made.get(input)!);
      const references = layer.calls[call] ?? [];
      const tensors = references.map(({ output }, i) => pick(taken[i]!, output, name));
      if (layer.kind === 'InputLayer') made.set(own, [this.#input(layer, name, config)]);
      else if (layer.model) made.set(own, this.#run(layer.model, [...path, layer.name], `${name}/`, tensors));
      else made.set(own, [this.#call(new Call(layer, name, [...path, layer.name], tensors, this.#shared, call))]);
    }
    const source = sources(config);
    return config.outputs.map(({ layer, call, output }) => {
      const results = made.get(source({ layer, call, output }));
      if (!results) throw damaged(`the output '${layer}' is no layer of the model; save the whole model again`);
      return pick(results, output, layer);
    });
  }

  #input(layer: LayerConfig, name: string, config: ModelConfig): KerasTensor {
    const image = isFlatImage(layer, config);
    const keras = image ? [...kerasInputShape(layer, name), 1] : kerasInputShape(layer, name);
    const open = keras.slice(1).includes(BATCH);
    const sized = keras.map((size, axis) => (axis > 0 && size === BATCH ? OPEN_SIZE : size));
    if (open) this.#warnings.push(`Input '${name}' leaves sizes open; ${sized.slice(1).join('×')} is taken.`);
    const channelsLast = sized.length === 4 && this.#shared.channelsLast;
    const [n, h, w, c] = sized as [number, number, number, number];
    const shape: Shape = channelsLast ? [n, c, h, w] : sized;
    const tensor = this.#draft.input(name, shape);
    const layout = channelsLast ? 'NHWC' : sized.length === 4 ? 'NCHW' : 'NF';
    this.#inputs.push({ name: tensor, shape, layout, ...(image && { declared: sized.slice(0, -1) }) });
    this.#layers.push({
      name,
      kind: layer.kind,
      output: tensor,
      before: tensor,
      after: tensor,
      nodes: [],
      weights: [],
    });
    return { tensor, channelsLast };
  }

  #call(call: Call): KerasTensor {
    const from = this.#draft.nodes.length;
    const made = this.#make(call);
    const output = made.output ?? made.result.tensor;
    this.#layers.push({
      name: call.name,
      kind: call.layer.kind,
      output,
      before: made.before ?? output,
      after: output,
      nodes: this.#draft.nodes.slice(from).map(({ name }) => name),
      weights: call.used,
    });
    return made.result;
  }

  #make(call: Call): Made {
    const build = builderOf(call.layer);
    if (!build) return this.#keepUnknown(call, call.operator);
    try {
      return build(call);
    } catch (error) {
      if (error instanceof Unsupported) return this.#keepUnknown(call, error.message);
      // Behind an unknown layer the shape can't be known: the structure is kept.
      if (error instanceof ShapeUnknown) return this.#opaque(call, `keras.${call.layer.kind}`);
      throw error;
    }
  }

  #keepUnknown(call: Call, op: string): Made {
    this.#unknown.push({ op, node: call.name });
    return this.#opaque(call, isKnown(op) ? `keras.${op}` : op);
  }

  /** A node that can be seen, not run, with the layer's weights as the file has them. */
  #opaque(call: Call, op: string): Made {
    const weights = call.shared.weights.of(call.path).map((stored) => {
      const constant = this.#draft.constant(stored.name, stored.tensor());
      call.used.push(constant);
      return constant;
    });
    const tensor = call.add(op, [...call.inputs.map((input) => input.tensor), ...weights]);
    return { result: { tensor, channelsLast: this.#shared.channelsLast } };
  }
}

const key = (layer: string, call: number) => `${layer}:${call}`;

function pick(results: readonly KerasTensor[], output: number, name: string): KerasTensor {
  const result = results[output] ?? (results.length === 1 ? results[0] : undefined);
  if (!result) throw damaged(`layer '${name}' takes output ${output} of a layer that has ${results.length}`);
  return result;
}

const callsOf = ({ calls }: LayerConfig): number => Math.max(1, calls.length);

/**
 * The call that a reference means. A model in the model may count a call that was made outside, when it was built: then the
 * numbers begin behind it.
 */
function sources(config: ModelConfig): (reference: Reference) => string {
  const last = new Map<string, number>();
  for (const { layer, call } of [...config.layers.flatMap(({ calls }) => calls.flat()), ...config.outputs])
    last.set(layer, Math.max(last.get(layer) ?? 0, call));
  const before = new Map(
    config.layers.map((layer) => [layer.name, Math.max(0, (last.get(layer.name) ?? 0) - callsOf(layer) + 1)]),
  );
  return ({ layer, call }) => key(layer, Math.max(0, call - (before.get(layer) ?? 0)));
}

/** The calls of all layers so that each comes after those it takes from. */
function sortedCalls(config: ModelConfig): Step[] {
  const source = sources(config);
  const steps = config.layers.flatMap((layer) =>
    Array.from({ length: callsOf(layer) }, (_, call): Step => {
      return { layer, call, inputs: (layer.calls[call] ?? []).map(source), outputs: [key(layer.name, call)] };
    }),
  );
  return sortSteps(steps, new Set(), ({ layer }) => `layer '${layer.name}'`);
}

function kerasInputShape(layer: LayerConfig, name: string): number[] {
  const { batch_input_shape: batchInputShape, batch_shape: batchShape } = layer.settings;
  const shape: unknown = batchInputShape ?? batchShape;
  const valid = Array.isArray(shape) && shape.slice(1).every((size) => size === null || Number.isInteger(size));
  if (!valid || shape.length < 2)
    throw damaged(`input '${name}' has the shape ${JSON.stringify(shape)}; a batch and sizes were expected`);
  return [BATCH, ...shape.slice(1).map((size: number | null) => size ?? BATCH)];
}

/** An input of H×W that the model first reshapes to H×W×1: a grey image. */
function isFlatImage(layer: LayerConfig, config: ModelConfig): boolean {
  const [, ...sizes] = kerasInputShape(layer, layer.name);
  const takers = config.layers.filter(({ calls }) => calls.flat().some((from) => from.layer === layer.name));
  return (
    sizes.length === 2 &&
    takers.length > 0 &&
    takers.every(({ kind, settings }) => kind === 'Reshape' && String(settings.target_shape) === `${sizes},1`)
  );
}

function usesChannelsFirst(config: ModelConfig): boolean {
  return config.layers.some(({ settings, model }) =>
    model ? usesChannelsFirst(model) : settings.data_format === 'channels_first',
  );
}
