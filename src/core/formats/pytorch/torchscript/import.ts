import { LayerscopeError } from '../../../errors.ts';
import { BATCH } from '../../../graph/graph.ts';
import { prune } from '../../../graph/passes.ts';
import type { ModelInput } from '../../../model.ts';
import { damaged } from '../../failure.ts';
import type { OpenedModel } from '../../format.ts';
import { AtenImporter } from '../aten/importer.ts';
import { moduleLayers } from '../aten/layers.ts';
import { Network } from '../aten/network.ts';
import { TensorRef, tensorsIn } from '../aten/values.ts';
import { checkpointModel } from '../checkpoint.ts';
import { findWeights } from '../find-weights.ts';
import { Instance } from '../pickle/values.ts';
import type { PickledArchive } from '../pickled-archive.ts';
import { ScriptCode, type CodeFunction } from './code.ts';
import { Interpreter, type Budget } from './interpreter.ts';
import { ScriptObjects } from './objects.ts';
import { Method, Module, NotReadable, toAten } from './values.ts';

/** Sides of the pictures that networks take, the most usual first: tried where the file does not say its own. */
const USUAL_SIZES = [224, 299, 227, 256, 384, 512, 32, 28, 64, 96, 128];

/** Statements and expressions that are followed; EfficientNet as a script takes 14,000. */
const MOST_STEPS = 500_000;

/**
 * The model of a TorchScript archive, traced or scripted: its code is followed as far as that can be without running it; where it
 * can't, the model has its weights alone, and says why.
 */
export function scriptModel(archive: PickledArchive): OpenedModel {
  const { zip } = archive;
  const root = archive.read('data');
  if (!(root instanceof Instance)) throw damaged("no network in its 'data.pkl'; save it again with torch.jit.save");
  const code = new ScriptCode(zip, `${archive.folder}code/`);
  const forward = code.find(root.type, 'forward');
  let reason = 'its inputs are not known';
  // Of several attempts the one that came furthest says what is in the way.
  let furthest = -1;
  const budget = { steps: MOST_STEPS };
  for (const attempt of forward ? attempts(archive, root, forward) : []) {
    const importer = new AtenImporter(new Network(attempt.inputs[0]!.sizes[0]!, attempt.free));
    try {
      return followScript(archive, root, code, attempt, importer, budget);
    } catch (error) {
      if (!(error instanceof NotReadable || error instanceof LayerscopeError)) throw error;
      if (importer.steps.length >= furthest) reason = error.message;
      furthest = Math.max(furthest, importer.steps.length);
    }
  }
  return checkpointModel(zip.file, root, (storage) => archive.place(storage), reason);
}

interface Input {
  readonly name: string;
  readonly sizes: readonly number[];
}

/** One way to read the code: these inputs, and whether the batch is free. */
interface Attempt {
  readonly inputs: readonly Input[];
  readonly free: boolean;
  readonly warnings: readonly string[];
}

/** The sizes that the file says first, else usual ones; with a free batch first. */
function* attempts(archive: PickledArchive, root: Instance, forward: CodeFunction): Generator<Attempt> {
  const names = parameterNames(forward);
  const traced = archive.tracedShapes();
  if (names.length === 0) return;
  if (traced.length === names.length && traced.every((sizes) => sizes.length > 0 && sizes.every((size) => size > 0))) {
    const inputs = names.map((name, i) => ({ name, sizes: traced[i]! }));
    for (const free of [true, false]) yield { inputs, free, warnings: [] };
    return;
  }
  if (names.length !== 1) return;
  const [name] = names as [string];
  for (const sizes of guesses(root)) {
    const warnings = [`Input '${name}' leaves sizes open; ${sizes.slice(1).join('×')} is taken.`];
    for (const free of [true, false]) yield { inputs: [{ name, sizes }], free, warnings };
  }
}

/** By the first weights: those of a convolution see pictures, those of a dense layer a vector. */
function guesses(root: Instance): number[][] {
  const tensors = [...(findWeights(root)?.tensors.values() ?? [])];
  const first = tensors.find(({ shape }) => shape.length === 4 || shape.length === 2);
  if (first?.shape.length === 2) return [[1, first.shape[1]!]];
  const channels = first?.shape[1] ?? 3;
  return USUAL_SIZES.map((size) => [1, channels, size, size]);
}

/** Of `forward`, but for the module itself. */
function parameterNames({ node, text }: CodeFunction): string[] {
  const list = node.getChild('ParamList');
  return (list?.getChildren('VariableName') ?? []).slice(1).map(({ from, to }) => text.slice(from, to));
}

function followScript(
  archive: PickledArchive,
  root: Instance,
  code: ScriptCode,
  attempt: Attempt,
  importer: AtenImporter,
  budget: Budget,
): OpenedModel {
  const { free } = attempt;
  const { network } = importer;
  const objects = new ScriptObjects(archive, network, root);
  const inputs = attempt.inputs.map(({ name, sizes }): ModelInput => {
    const shape = sizes.map((size, axis) => (axis === 0 && free && sizes.length > 1 ? BATCH : size));
    return { name: network.draft.input(name, shape), shape, layout: shape.length === 4 ? 'NCHW' : 'NF' };
  });
  const interpreter = new Interpreter(code, objects, importer, budget);
  const given = inputs.map(({ name }) => new TensorRef(name));
  const result = interpreter.call(new Method(new Module(root, ''), 'forward'), given, new Map());
  const outputs = [...new Set(tensorsIn(importer.current(toAten(result))))];
  if (outputs.length === 0) throw new NotReadable('it gives no tensor');
  const graph = prune(network.draft.graph(), outputs);
  const nodes = new Set(graph.nodes.map(({ name }) => name));
  return {
    graph,
    inputs: inputs.filter(({ name }) => graph.inputs.some((input) => input.name === name)),
    layers: moduleLayers(graph, importer.steps, objects.kinds, network.learned),
    unknown: importer.unknown.filter(({ node }) => nodes.has(node)),
    warnings: free ? attempt.warnings : [...attempt.warnings, 'The batch size is fixed: the code computes with it.'],
  };
}
