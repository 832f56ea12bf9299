import { basename, extname } from 'node:path';
import type { LoneLayer } from '../weights-only.ts';

/** Sides of the pictures that most networks were trained on. */
const USUAL_SIZE = 224;

/**
 * What to tell of a file without a graph, with the Python that exports one. `load`: the statements that leave the network in
 * `model`; `file` is what they load; `options`: more arguments of the export.
 */
export function missingGraph(
  file: string,
  load: string,
  layers: readonly LoneLayer[],
  why = "the file has weights alone, not the network's graph",
  options = '',
): string {
  const first = firstLayer(layers);
  const inputs = first?.weights[0]?.tensor.shape[1] ?? 3;
  const input = first?.operator === 'Gemm' ? `1, ${inputs}` : `1, ${inputs}, ${USUAL_SIZE}, ${USUAL_SIZE}`;
  const onnx = quote(`${basename(file, extname(file))}.onnx`);
  return (
    `${why}; its filters can be shown. To see all, export ONNX in Python: ` +
    `import torch; ${load}; model.eval(); torch.onnx.export(model, torch.zeros(${input}), ${onnx}${options})`
  );
}

/**
 * The layer that takes the image; files name their layers in any order, `classifier` before `features`. Colours first: a
 * depthwise convolution looks as one that takes grey.
 */
function firstLayer(layers: readonly LoneLayer[]): LoneLayer | undefined {
  const convolutions = layers.filter(({ operator }) => operator === 'Conv');
  const taking = (channels: number) => convolutions.find(({ weights }) => weights[0]!.tensor.shape[1] === channels);
  return taking(3) ?? taking(1) ?? convolutions[0] ?? layers.find(({ operator }) => operator === 'Gemm');
}

/** A string as Python writes it. */
export const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
