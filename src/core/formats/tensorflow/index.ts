import { basename } from 'node:path';
import type { Format } from '../format.ts';
import { openFrozen } from './frozen.ts';
import { openSavedModel } from './saved-model.ts';

/** A SavedModel's saved_model.pb, or a graph that was frozen: its variables are constants. */
export const tensorflow: Format = {
  id: 'tensorflow',
  title: 'TensorFlow',
  extensions: ['.pb'],
  match: (file) => file.path.toLowerCase().endsWith('.pb'),
  async open(file) {
    return basename(file.path).toLowerCase() === 'saved_model.pb' ? await openSavedModel(file) : openFrozen(file);
  },
};
