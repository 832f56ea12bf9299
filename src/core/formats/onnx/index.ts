import { LayerscopeError } from '../../errors.ts';
import { BATCH, type Graph } from '../../graph/graph.ts';
import { isKnown } from '../../graph/operators/index.ts';
import type { Tensor } from '../../graph/tensor.ts';
import { damaged } from '../failure.ts';
import type { Format, ModelFile, OpenedModel } from '../format.ts';
import { sortSteps } from '../order.ts';
import { asPixels } from '../pixels.ts';
import { turnedNumbers, turns } from './channels-last.ts';
import { Importer } from './import.ts';
import { OPEN_SIZES, readInputs, type FileInput } from './inputs.ts';
import { onnxLayers } from './layers.ts';
import { withoutMaps } from './maps.ts';
import { readMetadata } from './metadata.ts';
import type { GraphProto } from './proto.ts';
import { OWN_FILE } from './outline.ts';
import { describeNode, opsetOf, readModel, readNode, storedTensors, type FileNode } from './read.ts';
import { externalLocation, readTensor, type ExternalData } from './tensors.ts';
import { toValue } from './values.ts';

/** The newest operator set whose nodes are known to be read right. */
const NEWEST_OPSET = 23;

export const onnx: Format = {
  id: 'onnx',
  title: 'ONNX',
  extensions: ['.onnx'],
  match: (file) => file.path.toLowerCase().endsWith('.onnx'),
  open,
};

/** What the file holds, before the batch is decided. */
interface Contents {
  readonly opset: number;
  readonly nodes: readonly FileNode[];
  readonly stored: ReadonlyMap<string, Tensor>;
  readonly elementTypes: ReadonlyMap<string, number>;
  readonly inputs: readonly FileInput[];
}

async function open(file: ModelFile): Promise<OpenedModel> {
  const proto = readModel(file);
  const opset = opsetOf(proto);
  const warnings: string[] = [];
  if (opset > NEWEST_OPSET)
    warnings.push(`Operator set ${opset} is newer than ${NEWEST_OPSET}; some nodes may be unknown.`);
  const external = await readExternalData(file, proto.graph);
  const initializers = readInitializers(proto.graph, external);
  const elementTypes = new Map(
    (proto.graph.initializer ?? []).map(({ name, dataType }) => [name ?? '', dataType ?? 0]),
  );
  const outputs = (proto.graph.output ?? []).map(({ name }) => name ?? '');
  const { nodes: unsorted, stored } = withoutMaps(
    proto.graph.node!.map((node) => readNode(node, external)),
    initializers,
    outputs,
  );
  const open: string[] = [];
  const declared = readInputs(proto.graph, unsorted, stored, open);
  const given = new Set([...stored.keys(), ...declared.map(({ name }) => name)]);
  const nodes = sortSteps(unsorted, given, describeNode);
  const made = new Set([...given, ...nodes.flatMap((node) => node.outputs)]);
  const missing = outputs.find((name) => !made.has(name));
  if (missing !== undefined) throw damaged(`output '${missing}' is made by no node; export the model again`);
  if (outputs.length === 0) throw damaged('the graph has no outputs; export the model again');

  const { importer, inputs, assumed } = importAtSomeSize(
    open.length > 0 ? OPEN_SIZES : OPEN_SIZES.slice(0, 1),
    (size) => {
      const said: string[] = [];
      const sized = readInputs(proto.graph, unsorted, stored, said, size);
      const made = importFreely({ opset, nodes, stored, elementTypes, inputs: sized }, said);
      return { importer: made, inputs: sized, assumed: said };
    },
  );
  warnings.push(...assumed, ...importer.warnings);
  const { draft } = importer;
  draft.outputs.push(...new Set(outputs.map((name) => importer.resolve(name))));
  draft.dropUnused();
  const graph: Graph = draft.graph();
  return {
    graph,
    inputs: inputs.map(({ name, layout }) => ({ name, layout, shape: draft.shapes.get(name)! })),
    layers: onnxLayers(graph, importer.imported),
    unknown: graph.nodes.filter(({ op }) => !isKnown(op)).map(({ op, name }) => ({ op, node: name })),
    warnings,
    ...(inputs[0]?.bytes && { preprocessing: asPixels(inputs[0].shape) }),
    ...readMetadata(proto.metadataProps, warnings),
  };
}

/** At the first size that the network fits; throws what the first one of all led to. */
function importAtSomeSize<Made>(sizes: typeof OPEN_SIZES, make: (size: (typeof OPEN_SIZES)[number]) => Made): Made {
  const [size, ...others] = sizes;
  try {
    return make(size!);
  } catch (error) {
    if (!(error instanceof LayerscopeError) || others.length === 0) throw error;
    try {
      return importAtSomeSize(others, make);
    } catch {
      throw error;
    }
  }
}

/** With a free batch; where the network's own shape arithmetic does not allow one, with the file's. */
function importFreely(contents: Contents, warnings: string[]): Importer {
  try {
    return importAll(contents, true);
  } catch (error) {
    if (!(error instanceof LayerscopeError)) throw error;
    let fixed: Importer;
    try {
      fixed = importAll(contents, false);
    } catch {
      throw error;
    }
    warnings.push(`The batch size is fixed: ${error.message}.`);
    return fixed;
  }
}

function importAll({ opset, nodes, stored, elementTypes, inputs }: Contents, free: boolean): Importer {
  const declared = inputs.find((input) => input.shape[0] === BATCH)?.batch;
  const batch = declared ?? 1;
  const names = new Set([...stored.keys(), ...nodes.flatMap(namesMade)]);
  const importer = new Importer(opset, batch, declared !== undefined, stored, names, elementTypes);
  for (const { name, shape, dtype } of inputs)
    importer.draft.input(name, free ? shape : shape.map((size) => (size === BATCH ? batch : size)), dtype);
  const turned = new Set(inputs.flatMap((input) => [...(input.turned ?? [])]));
  for (const node of nodes) {
    const numbers = turnedNumbers(node, turned, stored);
    if (numbers) {
      const name = importer.define(`${node.outputs[0]}/by channel`, toValue(numbers));
      importer.take({ ...node, inputs: [node.inputs[0]!, name] });
    } else importer.take(turns(node) && turned.has(node.inputs[0]!) ? { ...node, op: 'Identity' } : node);
  }
  return importer;
}

/** What a node makes, in the branches of an `If` too. */
const namesMade = (node: FileNode): readonly string[] => [
  ...node.outputs,
  ...(node.branches ?? []).flatMap(({ nodes, stored }) => [...stored.keys(), ...nodes.flatMap(namesMade)]),
];

async function readExternalData(file: ModelFile, graph: GraphProto): Promise<ExternalData> {
  const external = new Map<string, ModelFile>([[OWN_FILE, file]]);
  for (const tensor of storedTensors(graph)) {
    const location = externalLocation(tensor);
    if (location && !external.has(location)) external.set(location, await file.sibling(location));
  }
  return external;
}

function readInitializers(graph: GraphProto, external: ExternalData): Map<string, Tensor> {
  if (graph.sparseInitializer?.length)
    throw damaged('sparse initializers, which are not read; export the model with dense ones');
  const stored = new Map<string, Tensor>();
  for (const proto of graph.initializer ?? []) {
    const name = proto.name ?? '';
    if (stored.has(name)) throw damaged(`initializer '${name}' is there twice; names must be unique`);
    stored.set(name, readTensor(proto, external, `initializer '${name}'`));
  }
  return stored;
}
