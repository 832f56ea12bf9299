import type { Format, ModelFile, OpenedModel } from '../format.ts';
import { buildNet } from './build.ts';
import { findNets, findWeights, readBinaryNet, readTextNet } from './find.ts';
import { dataShape } from './input-shape.ts';
import { lone } from './lone-layers.ts';
import type { Net } from './net.ts';
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
  const net = found[0]?.net ?? stored;
  const weights = storedWeights(file, stored.layers, net.layers);
  const run = runnableWith(net, weights);
  const open = run.inputs.find(({ shape }) => shape.length === 0);
  if (open)
    return lone(
      file,
      stored,
      `its net does not say how large its input '${open.name}' is; put the network's deploy .prototxt beside it`,
    );
  const model = buildNet(run, weights);
  return { ...model, warnings: [...warnings, ...model.warnings] };
}

async function openText(file: ModelFile): Promise<OpenedModel> {
  const net = readTextNet(file);
  const { found, warnings } = await findWeights(file, net);
  const [taken] = found;
  const weights = taken ? storedWeights(taken.file, taken.net.layers, net.layers) : NO_WEIGHTS;
  const model = buildNet(runnableWith(net, weights), weights);
  const missing = 'there are no weights for it; put its .caffemodel beside the .prototxt';
  return {
    ...model,
    warnings: [...warnings, ...model.warnings, ...(taken ? [] : [missing])],
    ...(taken === undefined && { missing }),
  };
}

const runnableWith = (net: Net, weights: Weights): RunnableNet =>
  runnable(net, (data, top) => {
    const taker = net.layers.find(({ bottoms }) => bottoms.includes(data.tops[top]!));
    return dataShape(data, top, taker, (layer) => weights.blobs(layer));
  });
