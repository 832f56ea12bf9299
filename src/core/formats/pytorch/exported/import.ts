import { BATCH } from '../../../graph/graph.ts';
import { LayerscopeError } from '../../../errors.ts';
import { prune } from '../../../graph/passes.ts';
import type { ModelInput } from '../../../model.ts';
import { damaged } from '../../failure.ts';
import type { OpenedModel } from '../../format.ts';
import { AtenImporter } from '../aten/importer.ts';
import { moduleLayers } from '../aten/layers.ts';
import { Network } from '../aten/network.ts';
import { TensorRef, type AtenValue } from '../aten/values.ts';
import type { ExportedArchive } from './archive.ts';
import { nameOf, outputNames, readArgument } from './arguments.ts';
import { moduleOf, type ModuleCall } from './modules.ts';
import { isOpen, readMeta, sizeOf, type ExportedNode } from './program.ts';
import { symbolic } from './symbols.ts';

/** The model of an exported program: with a free batch, or where its own arithmetic does not allow that, with the example's. */
export function exportedModel(archive: ExportedArchive): OpenedModel {
  try {
    return importProgram(archive, true);
  } catch (error) {
    if (!(error instanceof LayerscopeError)) throw error;
    let fixed: OpenedModel;
    try {
      fixed = importProgram(archive, false);
    } catch {
      throw error;
    }
    return { ...fixed, warnings: [...fixed.warnings, `The batch size is fixed: ${error.message}.`] };
  }
}

function importProgram(archive: ExportedArchive, free: boolean): OpenedModel {
  const { program } = archive;
  const inputs = userInputs(archive);
  const network = new Network(inputs[0]!.sizes[0] ?? 1, free);
  const importer = new AtenImporter(network);
  const warnings: string[] = [];
  const modelInputs = inputs.map(({ name, sizes, open }): ModelInput => {
    const shape = sizes.map((size, axis) => (axis === 0 && free && sizes.length > 1 ? BATCH : size));
    const own = network.draft.input(name, shape);
    importer.define(name, new TensorRef(own));
    if (open) warnings.push(`Input '${name}' leaves sizes open; ${sizes.slice(1).join('×')} is taken.`);
    return { name: own, shape, layout: shape.length === 4 ? 'NCHW' : 'NF' };
  });
  for (const [name, stored] of storedInputs(archive))
    importer.define(name, new TensorRef(network.weight(stored, archive.tensor(stored))));

  const kinds = new Map<string, string>();
  for (const node of program.graph.nodes) {
    const module = moduleOf(node);
    for (const [path, kind] of module.kinds) kinds.set(path, kind);
    takeNode(node, module, importer);
  }
  const outputs = userOutputs(archive).map((name) => {
    const value = importer.current(lookup(importer, name));
    if (value instanceof TensorRef) return value.name;
    throw damaged(`its output '${name}' is no tensor; export the model again`);
  });
  const graph = prune(network.draft.graph(), [...new Set(outputs)]);
  const nodes = new Set(graph.nodes.map(({ name }) => name));
  return {
    graph,
    inputs: modelInputs.filter(({ name }) => graph.inputs.some((input) => input.name === name)),
    layers: moduleLayers(graph, importer.steps, kinds, network.learned),
    unknown: importer.unknown.filter(({ node }) => nodes.has(node)),
    warnings,
  };
}

function lookup(importer: AtenImporter, name: string): AtenValue {
  const value = importer.value(name);
  if (value === undefined) throw damaged(`'${name}' is taken, which nothing before it makes; export the model again`);
  return value;
}

function takeNode(node: ExportedNode, { path }: ModuleCall, importer: AtenImporter): void {
  const args = node.inputs.map(({ name, arg }) => [name, readArgument(arg, (one) => lookup(importer, one))] as const);
  const names = node.outputs.map(outputNames);
  const [, name, overload] = /^torch\.ops\.aten\.(\w+)\.(\w+)$/.exec(node.target) ?? [];
  const values = args.map(([, value]) => value);
  const symbol = symbolic(name ?? node.target, values, importer.network);
  if (symbol !== undefined) {
    if (typeof names[0] === 'string') importer.define(names[0], symbol);
    return;
  }
  if (names.length === 0) return; // an assertion
  const list = names.length === 1 && Array.isArray(names[0]) ? names[0] : undefined;
  const result = importer.take({
    name: name ?? node.target.replace(/^torch\.ops\./, ''),
    ...(overload !== undefined && { overload }),
    args: [],
    named: new Map(args),
    outputs: list?.length ?? names.length,
    module: path,
  });
  const results = Array.isArray(result) ? (result as readonly AtenValue[]) : [result];
  (list ?? names).forEach((output, i) => {
    if (typeof output === 'string') importer.define(output, results[i] ?? null);
  });
}

type Spec = Readonly<Record<string, unknown>>;

/** The inputs that a user gives, in their order, with the sizes of the example. */
function userInputs({ program }: ExportedArchive) {
  const { signature, graph } = program;
  const names = signature.input_specs.flatMap((spec): string[] => {
    const { arg } = Object(spec['user_input']) as { readonly arg?: unknown };
    const { as_tensor: tensor } = Object(arg) as { readonly as_tensor?: unknown };
    return tensor === undefined ? [] : [nameOf(tensor)];
  });
  if (names.length === 0) throw damaged('the program has no input; export the model again');
  return names.map((name) => {
    const { sizes } = readMeta(graph.tensor_values[name], name);
    const numbers = sizes.map(sizeOf);
    if (numbers.length === 0 || !numbers.every((size) => size !== undefined && size > 0))
      throw damaged(`input '${name}' has no sizes; export the model again`);
    return { name, sizes: numbers as number[], open: sizes.slice(1).some(isOpen) };
  });
}

const STORED = [
  ['parameter', 'parameter_name'],
  ['buffer', 'buffer_name'],
  ['tensor_constant', 'tensor_constant_name'],
] as const;

/** The graph's own inputs that are stored: name in the graph, name in the network. */
function* storedInputs({ program }: ExportedArchive): Generator<readonly [string, string]> {
  for (const spec of program.signature.input_specs)
    for (const [kind, key] of STORED) {
      if (!(kind in spec)) continue;
      const { arg, [key]: stored } = Object(spec[kind]) as Spec;
      if (typeof stored !== 'string') throw damaged(`a ${kind} in the program has no name; export the model again`);
      yield [nameOf(arg), stored];
    }
}

function userOutputs({ program }: ExportedArchive): string[] {
  const names = program.signature.output_specs.flatMap((spec): string[] => {
    const { arg } = Object(spec['user_output']) as { readonly arg?: unknown };
    const { as_tensor: tensor } = Object(arg) as { readonly as_tensor?: unknown };
    return tensor === undefined ? [] : [nameOf(tensor)];
  });
  if (names.length === 0) throw damaged('the program has no output; export the model again');
  return names;
}
