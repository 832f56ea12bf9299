import type { OpenedModel } from '../format.ts';
import { buildModel } from './build.ts';
import { readConfig } from './config.ts';
import { byLayerNumber, haveOldNames, isKeras1, withNewNames, withNewSettings } from './keras1.ts';
import { byClass } from './numbered.ts';
import { WeightTable } from './weights.ts';
import type { KerasFile } from './whole-model.ts';

/** A network of an HDF5 file of any version of Keras: its configuration, parsed, and what the file holds. */
export function openNetwork(config: unknown, file: Omit<KerasFile, 'config'>): OpenedModel {
  const { version, backend } = file;
  const read = readConfig(config);
  if (!isKeras1(read, version))
    return buildModel(read, new WeightTable(byClass(file.weights, read)), { version, rotated: backend === 'theano' });
  const rotated = isTheano(file);
  const weights = withNewNames(byLayerNumber(file.weights, read));
  const model = buildModel(withNewSettings(read), new WeightTable(weights), { version: '1', rotated });
  return rotated && backend === undefined ? { ...model, warnings: [...model.warnings, ASSUMED] } : model;
}

const ASSUMED =
  "The file is of Keras 1 and does not say what ran it; by its weights' names that was Theano, whose kernels are rotated.";

/** Weights without a network, under the names of Keras 2; whether their kernels are rotated. */
export function openWeights(file: KerasFile): { readonly weights: KerasFile['weights']; readonly rotated: boolean } {
  const old = haveOldNames(file.weights);
  const rotated = file.backend === 'theano' || (old && isTheano(file));
  return { weights: old ? withNewNames(file.weights) : file.weights, rotated };
}

/**
 * Whether Theano made the weights, whose convolutions rotate their kernels. Files of Keras 1 don't say it, but TensorFlow's
 * variables have a number after a colon in their names, and Theano's have not.
 */
const isTheano = ({ backend, colons, weights }: Omit<KerasFile, 'config'>): boolean =>
  backend === undefined ? weights.length > 0 && !colons : backend === 'theano';
