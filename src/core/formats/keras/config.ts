import { damaged } from '../failure.ts';

/** What a tensor is called in a Keras configuration: the n-th call of a layer, and which of its outputs. */
export interface Reference {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
}

/** A number that a layer is called with, or `null` for a tensor. */
export type Operand = number | null;

export type Settings = Readonly<Record<string, unknown>>;

export interface LayerConfig {
  readonly kind: string;
  readonly name: string;
  readonly settings: Settings;
  /** What it is called on, by call; empty for an input. */
  readonly calls: readonly (readonly Reference[])[];
  /** What it is called on, by call, with the numbers among it: `null` stands for the next reference. */
  readonly operands?: readonly (readonly Operand[])[];
  /** What it is called with by name, by call: tensors and settings, as the file writes them. */
  readonly keywords?: readonly Settings[];
  /** Where the layer is a model itself. */
  readonly model?: ModelConfig;
}

export interface ModelConfig {
  readonly name: string;
  readonly layers: readonly LayerConfig[];
  readonly inputs: readonly Reference[];
  readonly outputs: readonly Reference[];
}

const SEQUENTIAL = new Set(['Sequential']);
const FUNCTIONAL = new Set(['Model', 'Functional']);

/** Reads a Sequential or Functional configuration of Keras 2 or 3; a Sequential one becomes a chain of calls. */
export function readConfig(value: unknown): ModelConfig {
  const { class_name: kind, config } = asObject(value, 'the model configuration');
  if (SEQUENTIAL.has(String(kind))) return sequential(config);
  if (FUNCTIONAL.has(String(kind))) return functional(asObject(config, 'the model configuration'));
  throw damaged(`the model is of the class '${kind}'; Sequential or Functional was expected: save it as one of these`);
}

function readLayer(value: unknown, index: number): LayerConfig {
  const layer = asObject(value, `layer ${index}`);
  const kind = className(layer);
  const isModel = SEQUENTIAL.has(kind) || FUNCTIONAL.has(kind);
  const settings = Array.isArray(layer.config) ? {} : asObject(layer.config, `the configuration of layer ${index}`);
  const name = layer.name ?? settings.name ?? `layer_${index}`;
  const calls = Array.isArray(layer.inbound_nodes) ? layer.inbound_nodes.map(references) : [];
  const operands = Array.isArray(layer.inbound_nodes) ? layer.inbound_nodes.map(operandsOf) : [];
  const keywords = Array.isArray(layer.inbound_nodes) ? layer.inbound_nodes.map(keywordsOf) : [];
  return {
    kind,
    name: String(name),
    settings,
    calls,
    operands,
    keywords,
    ...(isModel && { model: readConfig(value) }),
  };
}

/** A class of the user's own keeps its package in its name, so that it is taken for no other. */
function className({ class_name: name, registered_name: registered, module }: Settings): string {
  const own = typeof registered === 'string' && registered.includes('>') && !/^keras\b/.test(String(module));
  return own ? registered : String(name);
}

function sequential(config: unknown): ModelConfig {
  const settings = Array.isArray(config) ? { layers: config } : asObject(config, 'the model configuration');
  const listed = asList(settings.layers, 'layers').map(readLayer);
  const first = listed[0];
  if (!first) throw damaged('the model has no layers');
  if (first.kind === 'Merge' && first.settings.layers) return mergedBranches(first, listed.slice(1), settings);
  const chain = first.kind === 'InputLayer' ? listed : [impliedInput(first, settings), ...listed];
  const layers = chain.map((layer, i) => ({ ...layer, calls: i === 0 ? [] : [[to(chain[i - 1]!)]] }));
  return { name: text(settings.name), layers, inputs: [to(chain[0]!)], outputs: [to(chain.at(-1)!)] };
}

/** A Sequential model of Keras 1 that begins with several models, each with an input of its own. */
function mergedBranches(merge: LayerConfig, rest: readonly LayerConfig[], settings: Settings): ModelConfig {
  const branches = asList(merge.settings.layers, 'layers').map((value, i) => {
    const branch = readLayer(value, i);
    return { input: impliedInput(branch, {}), branch };
  });
  const chain = [merge, ...rest];
  const layers = [
    ...branches.flatMap(({ input, branch }) => [input, { ...branch, calls: [[to(input)]] }]),
    ...chain.map((layer, i) => ({
      ...layer,
      calls: [i === 0 ? branches.map(({ branch }) => to(branch)) : [to(chain[i - 1]!)]],
    })),
  ];
  const inputs = branches.map(({ input }) => to(input));
  return { name: text(settings.name), layers, inputs, outputs: [to(chain.at(-1)!)] };
}

const to = ({ name }: LayerConfig): Reference => ({ layer: name, call: 0, output: 0 });

const SHAPES = ['batch_input_shape', 'batch_shape', 'build_input_shape'];

/** A Sequential model may leave its input layer out; the first layer, or the model itself, says the shape. */
function impliedInput(first: LayerConfig, model: Settings): LayerConfig {
  const inner = first.model?.layers.find(({ kind }) => kind === 'InputLayer')?.settings ?? {};
  const shape = [first.settings, model, inner].flatMap((from) => SHAPES.map((name) => from[name])).find(Array.isArray);
  if (!shape) throw damaged(`the model does not say the shape of its input; build it (model.build) and save it again`);
  return { kind: 'InputLayer', name: `${first.name}_input`, settings: { batch_input_shape: shape }, calls: [] };
}

function functional(settings: Settings): ModelConfig {
  const layers = asList(settings.layers, 'layers').map(readLayer);
  return {
    name: text(settings.name),
    layers,
    inputs: references(settings.input_layers),
    outputs: references(settings.output_layers),
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value : 'model');

/**
 * All references in a value: `[layer, call, output, arguments]` as Keras 2 writes them, `__keras_tensor__` objects as
 * Keras 3 does, in lists and dictionaries of any depth.
 */
export function references(value: unknown): Reference[] {
  if (Array.isArray(value)) {
    const [layer, call, output, named] = value as unknown[];
    if (layer === CONSTANT) return references(named);
    if (typeof layer === 'string' && typeof call === 'number' && typeof output === 'number')
      return [{ layer, call, output }, ...references(named)];
    return value.flatMap(references);
  }
  if (typeof value !== 'object' || value === null) return [];
  const { class_name: kind, config } = value as Settings;
  if (kind === '__keras_tensor__') return references((config as Settings | undefined)?.keras_history);
  return Object.values(value).flatMap(references);
}

/** The named arguments of a call: of Keras 3, or behind the first tensor, as Keras 2 writes them. */
function keywordsOf(call: unknown): Settings {
  const first: unknown = Array.isArray(call) ? call[0] : undefined;
  const named: unknown = Array.isArray(first) ? first[3] : (call as Settings | null)?.kwargs;
  return typeof named === 'object' && named !== null ? (named as Settings) : {};
}

/** In place of a layer, for a number. */
const CONSTANT = '_CONSTANT_VALUE';

/** What `references` finds, with the numbers that stand among them. */
function operandsOf(value: unknown): Operand[] {
  if (typeof value === 'number') return [value];
  if (Array.isArray(value)) {
    const [layer, call, output, named] = value as unknown[];
    if (layer === CONSTANT) return [...operandsOf(output), ...operandsOf(named)];
    if (typeof layer === 'string' && typeof call === 'number' && typeof output === 'number')
      return [null, ...operandsOf(named)];
    return value.flatMap(operandsOf);
  }
  if (typeof value !== 'object' || value === null) return [];
  return (value as Settings).class_name === '__keras_tensor__' ? [null] : Object.values(value).flatMap(operandsOf);
}

function asObject(value: unknown, what: string): Settings {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Settings;
  throw damaged(`${what} is no JSON object; save the model again`);
}

function asList(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw damaged(`the model configuration has no list of ${what}; save the whole model again`);
}
