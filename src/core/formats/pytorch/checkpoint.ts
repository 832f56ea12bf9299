import { basename } from 'node:path';
import { damaged } from '../failure.ts';
import type { ModelFile, OpenedModel } from '../format.ts';
import { weightsOnlyModel, type NamedTensor } from '../weights-only.ts';
import { findWeights, type Found } from './find-weights.ts';
import { missingGraph, quote } from './missing.ts';
import type { Storage, Value } from './pickle/values.ts';
import { stateDictLayers } from './state-dict.ts';
import { tensorOf, type StoragePlace } from './storages.ts';

/**
 * The model of what `torch.save` wrote: the weights in it, whatever they stand among. `unreadable`: of TorchScript, what of
 * its code can't be followed.
 */
export function checkpointModel(
  file: ModelFile,
  saved: Value,
  place: (storage: Storage) => StoragePlace,
  unreadable?: string,
): OpenedModel {
  const found = findWeights(saved);
  const tensors = [...(found?.tensors ?? [])].flatMap(([name, view]): NamedTensor[] => {
    const tensor = view.element?.real ? tensorOf(view, name, file, place(view.storage)) : undefined;
    return tensor ? [{ name, tensor }] : [];
  });
  if (!found || tensors.length === 0)
    throw damaged('no weights were found in it; save them with torch.save(model.state_dict(), FILE)');
  const layers = stateDictLayers(tensors, found.kinds);
  if (unreadable === undefined) return weightsOnlyModel(layers, missingGraph(file.path, loading(file, found), layers));
  const load = `model = torch.jit.load(${quote(basename(file.path))})`;
  const why = `its TorchScript can't be followed (${unreadable})`;
  return weightsOnlyModel(layers, missingGraph(file.path, load, layers, why, ', dynamo=False'));
}

/** The Python that brings what was found into `model`. */
function loading(file: ModelFile, { path, module }: Found): string {
  const load = `torch.load(${quote(basename(file.path))}${module === undefined ? '' : ', weights_only=False'})`;
  const value = `${load}${path.map((key) => `[${quote(key)}]`).join('')}`;
  return module === undefined ? `model.load_state_dict(${value})` : `model = ${value}`;
}
