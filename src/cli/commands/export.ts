import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { classOutput, findClass, requireClasses } from '../../core/classes.ts';
import { ceilPools } from '../../core/engines/ceil-pools.ts';
import { LayerscopeError, usageError } from '../../core/errors.ts';
import { encodeOnnx } from '../../core/formats/onnx/encode.ts';
import { BATCH, type Graph } from '../../core/graph/graph.ts';
import { prune } from '../../core/graph/passes.ts';
import { parseRule } from '../../core/graph/rules/index.ts';
import { showShape, type Shapes } from '../../core/graph/shapes.ts';
import { checkHasGraph, checkRunnable, findLayer } from '../../core/layers.ts';
import { openSession } from '../../core/open.ts';
import { GRADIENT, gradientProgram, VALUE } from '../../core/optimization/program.ts';
import { scoreTensor } from '../../core/scores.ts';
import type { Session } from '../../core/session.ts';
import { oneUnit } from '../../core/visualizers/class-objectives.ts';
import { readArguments } from '../arguments.ts';
import { optionsOf } from '../options.ts';

const OPTIONS = optionsOf('out', 'layer', 'gradient', 'target');

/**
 * `layerscope export MODEL --out FILE.onnx`: the whole network, up to a layer, or with `--gradient RULE --target K` a program
 * that gives a class score (with `--layer`: that layer's channel K) and what the rule sends back from it to the input.
 */
export async function exportModel(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(args, OPTIONS, ['MODEL']);
  const { out, layer, gradient, target } = values;
  if (out === undefined) throw usageError('Where to? Give --out FILE.onnx.');
  if (target !== undefined && gradient === undefined) throw usageError('--target needs --gradient RULE.');
  const session = await openSession(positionals[0]!);
  if (resolve(out) === session.model.file) throw usageError(`--out ${out} is the model itself.`);
  const graph = gradient === undefined ? network(session, layer) : gradients(session, gradient, layer, target);
  const shapes = gradient === undefined ? session.shapes : gradientShapes(session);
  const bytes = encodeOnnx(ceilPools(graph), { name: 'layerscope', shapes });
  try {
    await writeFile(out, bytes);
  } catch (error) {
    throw new LayerscopeError('file', `${out}: it can't be written: ${(error as Error).message}`, { cause: error });
  }
  const inputs = graph.inputs.map(({ name, shape }) => `${name} ${showShape(shape)}`).join(', ');
  if (!values.quiet)
    process.stdout.write(`${out}: ${graph.nodes.length} nodes, from ${inputs} (NCHW) to ${graph.outputs.join(', ')}\n`);
  await session.dispose();
}

function network(session: Session, layer: string | undefined): Graph {
  const { graph, unknown } = session.model;
  checkHasGraph(session.model, 'The model');
  const outputs = layer === undefined ? graph.outputs : [findLayer(session, layer).output];
  if (unknown.length > 0)
    for (const output of outputs)
      checkRunnable(session, output, layer === undefined ? 'The model' : `Layer '${layer}'`);
  return prune(graph, outputs);
}

const gradientShapes = ({ model }: Session): Shapes =>
  new Map([
    [VALUE, [BATCH]],
    [GRADIENT, model.inputs[0]!.shape],
  ]);

function gradients(session: Session, rule: string, layer: string | undefined, target: string | undefined): Graph {
  const chosen = parseRule(rule);
  if (target === undefined) throw usageError('A gradient of what? Give --target K.');
  checkHasGraph(session.model, 'The model');
  const output = layer === undefined ? classOutput(session) : findLayer(session, layer).output;
  if (layer !== undefined) checkRunnable(session, output, `Layer '${layer}'`);
  const tensor = layer === undefined ? scoreTensor(session.model, output) : output;
  const count = layer === undefined ? requireClasses(session, output) : session.shapes.get(output)![1];
  const unit = findClass(target, count ?? 1, layer === undefined ? session.description.labels : undefined);
  const input = session.model.inputs[0]!.name;
  return gradientProgram(session.model.graph, oneUnit(tensor, unit), { input, rule: chosen });
}
