import { damaged } from '../failure.ts';
import type { ModelFile, OpenedModel } from '../format.ts';
import { findEnds } from './ends.ts';
import { graphBody, Library } from './library.ts';
import { buildModel } from './model.ts';
import { readGraph } from './read.ts';

/** Opens a graph whose variables are constants. */
export function openFrozen(file: ModelFile): OpenedModel {
  const graph = readGraph(file);
  if (!graph.node?.length) throw damaged('no graph in it: a frozen graph of TensorFlow was expected; freeze it again');
  const body = graphBody(graph);
  return buildModel(body, findEnds(body), { file, library: new Library(graph), variable: () => undefined });
}
