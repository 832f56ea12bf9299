import { damaged } from '../failure.ts';
import type { ModelFile, OpenedModel } from '../format.ts';
import { readCheckpoint } from './checkpoint.ts';
import { findEnds, hasInput, signatureEnds } from './ends.ts';
import type { Ends } from './inputs.ts';
import { graphBody, Library, type Body } from './library.ts';
import { buildModel } from './model.ts';
import { text } from './node.ts';
import type { MetaGraphDef } from './proto.ts';
import { readSavedModel } from './read.ts';
import { restoredNames } from './restore.ts';

/** Opens saved_model.pb, with the variables in the folder beside it. */
export async function openSavedModel(file: ModelFile): Promise<OpenedModel> {
  const metaGraphs = readSavedModel(file);
  const meta = metaGraphs.find(({ metaInfo }) => metaInfo?.tags?.includes('serve')) ?? metaGraphs[0];
  if (!meta?.graph?.node?.length) throw damaged('no graph in it: a SavedModel for serving was expected; save it again');
  const library = new Library(meta.graph);
  const body = graphBody(meta.graph);
  const checkpoint = await readCheckpoint(file);
  const names = restoredNames(body, library);
  return buildModel(body, servedEnds(meta, body) ?? endsWithoutSignature(body), {
    file,
    library,
    variable(node) {
      if (!checkpoint) throw damaged("its variables are not there; copy the folder 'variables' beside it");
      const candidates = [names.get(node.name), node.name, text(node, 'shared_name')];
      const name = candidates.find((candidate) => candidate !== undefined && checkpoint.has(candidate));
      return name === undefined ? undefined : checkpoint.read(name);
    },
  });
}

function endsWithoutSignature(body: Body): Ends {
  if (!hasInput(body)) throw damaged('no signature says what it takes and gives; save it again with `signatures=`');
  return findEnds(body);
}

const SERVING = 'serving_default';

/** The ends that the model's signature names; of several, the one that is served by default. */
function servedEnds({ signatures = [] }: MetaGraphDef, body: Body): Ends | undefined {
  const usable = signatures.flatMap(({ key = '', value }) => {
    const ends = value && signatureEnds(value, body);
    return ends ? [{ key, ends }] : [];
  });
  return (usable.find(({ key }) => key === SERVING) ?? usable[0])?.ends;
}
