import { damaged } from '../failure.ts';
import type { Format, ModelFile, OpenedModel } from '../format.ts';
import { buildNet } from './build.ts';
import { findNets, findWeights, readBinaryNet, readTextNet } from './find.ts';
import { withGuessedSize } from './guess-size.ts';
import { dataShape, firstLearner } from './input-shape.ts';
import { loneModel } from './lone-layers.ts';
import type { Net } from './net.ts';
import { preparation } from './preprocessing.ts';
import { runnable, type RunnableNet } from './runnable.ts';
import { NO_WEIGHTS, storedWeights, type Weights } from './weights.ts';

/** A `.caffemodel` with the `.prototxt` beside it, or a `.prototxt` with its weights. */
export const caffe: Format = {
  id: 'caffe',
  title: 'Caffe',
  extensions: ['.caffemodel', '.prototxt'],
  match: ({ path }) => /\.(caffemodel|prototxt)$/i.test(path),
  open: (file) => (file.path.toLowerCase().endsWith('.prototxt') ? openText(file) : openWeights(file)),
};

async function openWeights(file: ModelFile): Promise<OpenedModel> {
  const stored = readBinaryNet(file);
  const { found, warnings } = await findNets(file, stored);
  for (const { path } of found) await file.sibling(path);
  const nets = [...found.map(({ net }) => net), stored];
  const [net] = nets as [Net];
  const weights = storedWeights(file, stored.layers, net.layers);
  const run = runnableWith(net, weights);
  if (run.layers.length > 0 && run.inputs.length > 0 && run.inputs.every(({ shape }) => shape.length > 0))
    return await build(file, run, weights, nets, warnings);
  const sized = withGuessedSize(run, weights);
  if (sized) return await build(file, sized.net, weights, nets, [...warnings, sized.warning]);
  const what = run.inputs[0] ? `does not say how large its input '${run.inputs[0].name}' is` : 'has no input';
  const missing = `its net ${what}; put the network's deploy .prototxt beside it`;
  const model = loneModel(file, stored, missing);
  return { ...model, warnings: [...warnings, ...model.warnings] };
}

async function openText(file: ModelFile): Promise<OpenedModel> {
  const net = readTextNet(file);
  const { found, warnings } = await findWeights(file, net);
  const [taken] = found;
  const weights = taken ? storedWeights(await file.sibling(taken.path), taken.net.layers, net.layers) : NO_WEIGHTS;
  const run = runnableWith(net, weights);
  const sized = withGuessedSize(run, weights);
  const open = run.inputs.find(({ shape }) => shape.length === 0);
  if (open && !sized)
    throw damaged(`it does not say how large its input '${open.name}' is; open the deploy .prototxt of the network`);
  const nets = taken ? [net, taken.net] : [net];
  const model = await build(file, sized?.net ?? run, weights, nets, [...warnings, ...(sized ? [sized.warning] : [])]);
  if (taken) return model;
  const missing = 'there are no weights for it; put its .caffemodel beside the .prototxt';
  return { ...model, missing, warnings: [...model.warnings, `T${missing.slice(1)}`] };
}

/** `nets`: where to look for the preparation of pictures, best first. */
async function build(
  file: ModelFile,
  run: RunnableNet,
  weights: Weights,
  nets: readonly Net[],
  warnings: readonly string[],
): Promise<OpenedModel> {
  const model = buildNet(run, weights);
  const [, channels = 0, ...sizes] = model.inputs[0]?.shape ?? [];
  const prepared = await preparation(file, nets, sizes.length === 2 ? channels : 0);
  return {
    ...model,
    warnings: [...warnings, ...prepared.warnings, ...model.warnings],
    ...(prepared.preprocessing && { preprocessing: prepared.preprocessing }),
  };
}

const runnableWith = (net: Net, weights: Weights): RunnableNet =>
  runnable(net, (data, top) => {
    const learner = firstLearner(net.layers, data.tops[top]!);
    return dataShape(data, top, learner, (layer) => weights.blobs(layer));
  });
