import { dirname } from 'node:path';
import { checkUnchanged } from '../formats/disk.ts';
import type { Graph } from '../graph/graph.ts';
import { elements, type FileRange, type Tensor } from '../graph/tensor.ts';
import { spooled } from './spool.ts';

/** Smaller tensors are copied into each program. */
const LARGE = 64 * 1024;

const bytesOf = ({ dtype, shape }: Tensor) => (dtype === 'float32' ? elements(shape) * 4 : 0);

/**
 * The graph with its large weights in files below one folder, so that a runtime maps them into memory and programs of a model
 * share them: the model's own file where they stand in it as they are, else a spool. Throws where the model's file is no
 * longer what it was.
 */
export function inFiles(graph: Graph): { readonly graph: Graph; readonly folder: string | undefined } {
  const files = new Map<string, FileRange>();
  let placed = 0;
  let loose = 0;
  for (const tensor of graph.constants.values()) {
    const bytes = bytesOf(tensor);
    if (tensor.source) {
      files.set(tensor.source.path, tensor.source);
      placed += bytes;
    } else if (bytes >= LARGE) loose += bytes;
  }
  for (const file of files.values()) checkUnchanged(file);
  // A few made-up constants beside a model's weights are not worth writing the weights again.
  if (loose > 0 && loose * 8 > placed) {
    const constants = new Map([...graph.constants].map(([name, tensor]) => [name, spooled(tensor, LARGE)]));
    // Small ones may still be in the model's file.
    const source = [...constants.values()].find((tensor) => tensor.source && bytesOf(tensor) >= LARGE)?.source;
    return { graph: { ...graph, constants }, folder: source && dirname(source.path) };
  }
  const folders = [...files.keys()].map(dirname).sort((a, b) => a.length - b.length);
  return { graph, folder: folders[0] };
}
