import { damaged } from '../failure.ts';
import type { ModelFile, OpenedModel } from '../format.ts';
import { readCheckpoint } from './checkpoint.ts';
import { findEnds } from './frozen.ts';
import type { Ends } from './inputs.ts';
import { graphBody, Library, type Body } from './library.ts';
import { buildModel } from './model.ts';
import { tensorName, text } from './node.ts';
import type { MetaGraphDef, SignatureDef } from './proto.ts';
import { readSavedModel } from './read.ts';
import { restoredNames } from './restore.ts';
import { graphType, sizesOf } from './tensors.ts';

/** Opens saved_model.pb, with the variables in the folder beside it. */
export async function openSavedModel(file: ModelFile): Promise<OpenedModel> {
  const metaGraphs = readSavedModel(file);
  const meta = metaGraphs.find(({ metaInfo }) => metaInfo?.tags?.includes('serve')) ?? metaGraphs[0];
  if (!meta?.graph?.node?.length) throw damaged('no graph in it: a SavedModel for serving was expected; save it again');
  const library = new Library(meta.graph);
  const body = graphBody(meta.graph);
  const checkpoint = await readCheckpoint(file);
  const names = restoredNames(body, library);
  return buildModel(body, signatureEnds(meta, body) ?? findEnds(body), {
    file,
    library,
    variable(node) {
      const candidates = [names.get(node.name), node.name, text(node, 'shared_name')];
      const name = candidates.find((candidate) => candidate !== undefined && checkpoint?.has(candidate));
      return name === undefined ? undefined : checkpoint?.read(name);
    },
  });
}

const SERVING = 'serving_default';

/** The ends that the model's signature names; of several, the one that is served by default. */
function signatureEnds({ signatures = [] }: MetaGraphDef, body: Body): Ends | undefined {
  const usable = signatures.flatMap(({ key = '', value }) => {
    const ends = value && endsOf(value, body);
    return ends && ends.inputs.length > 0 && ends.outputs.length > 0 ? [{ key, ends }] : [];
  });
  return (usable.find(({ key }) => key === SERVING) ?? usable[0])?.ends;
}

function endsOf({ inputs = [], outputs = [] }: SignatureDef, { nodes }: Body): Ends {
  const ops = new Map(nodes.map(({ name, op }) => [name, op]));
  return {
    inputs: inputs.flatMap(({ key = '', value = {} }) => {
      const sizes = sizesOf(value.shape);
      const array = graphType(value.dtype) !== undefined && (sizes === undefined || sizes.length > 1);
      return array ? [{ name: key, tensor: tensorName(value.name ?? '', ops), sizes }] : [];
    }),
    outputs: outputs.map(({ value }) => tensorName(value?.name ?? '', ops)),
  };
}
