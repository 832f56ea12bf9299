import type { Format } from '../format.ts';
import { findEnds } from './frozen.ts';
import { graphBody, Library } from './library.ts';
import { buildModel } from './model.ts';
import { readGraph } from './read.ts';

export const tensorflow: Format = {
  id: 'tensorflow',
  title: 'TensorFlow',
  extensions: ['.pb'],
  match: (file) => file.path.toLowerCase().endsWith('.pb'),
  async open(file) {
    const graph = readGraph(file);
    const body = graphBody(graph);
    return buildModel(body, findEnds(body), { file, library: new Library(graph), variable: () => undefined });
  },
};
