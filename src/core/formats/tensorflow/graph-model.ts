import type { Tensor } from '../../graph/tensor.ts';
import { damaged } from '../failure.ts';
import type { ModelFile, OpenedModel } from '../format.ts';
import type { StoredWeight } from '../keras/weights.ts';
import { graphOfJson, signatureOfJson } from './json.ts';
import { findEnds, signatureEnds } from './ends.ts';
import { graphBody, Library } from './library.ts';
import { buildModel } from './model.ts';
import { type as typeOf, type OpNode } from './node.ts';
import { graphType } from './tensors.ts';

/** What a TensorFlow.js graph model's model.json holds. */
export interface GraphModelJson {
  readonly modelTopology?: unknown;
  readonly signature?: unknown;
  readonly userDefinedMetadata?: unknown;
}

/** Opens a TensorFlow.js graph model; `weights`: those of its shards, by the names of its constants. */
export function openGraphModel(json: GraphModelJson, weights: readonly StoredWeight[], file: ModelFile): OpenedModel {
  const graph = graphOfJson(json.modelTopology);
  const body = graphBody(graph);
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  const metadata = json.userDefinedMetadata as { readonly signature?: unknown } | undefined;
  const signature = signatureOfJson(json.signature) ?? signatureOfJson(metadata?.signature);
  return buildModel(body, (signature && signatureEnds(signature, body)) ?? findEnds(body), {
    file,
    library: new Library(graph),
    constant(node) {
      const weight = byName.get(node.name);
      if (!weight) throw damaged(`constant '${node.name}' has no values among its weights; convert the model again`);
      return typed(weight, node);
    },
    variable: () => undefined,
  });
}

/** Numbers for shapes and axes are whole again. */
function typed(weight: StoredWeight, node: OpNode): Tensor | undefined {
  const dtype = graphType(typeOf(node, 'dtype'));
  if (dtype === 'float32') return weight.tensor();
  const { shape } = weight;
  const values = Array.from(weight.tensor().data);
  if (dtype === 'bool') return { dtype, shape, data: Uint8Array.from(values) };
  return dtype && { dtype: 'int32', shape, data: Int32Array.from(values) };
}
