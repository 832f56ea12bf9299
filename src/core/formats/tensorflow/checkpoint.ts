import type { Tensor } from '../../graph/tensor.ts';
import { damaged } from '../failure.ts';
import type { ModelFile } from '../format.ts';
import { messageTypes, toNumber, type Int64 } from '../messages.ts';
import type { TensorShapeProto } from './proto.ts';
import { readTable } from './table.ts';
import { graphType, readStored, sizesOf } from './tensors.ts';

/** tensor_bundle.proto, of which checkpoints are made. */
const root = messageTypes({
  BundleHeaderProto: { numShards: [1, 'int32'], endianness: [2, 'int32'] },
  BundleEntryProto: {
    dtype: [1, 'int32'],
    shape: [2, 'TensorShapeProto'],
    shardId: [3, 'int32'],
    offset: [4, 'int64'],
    size: [5, 'int64'],
    slices: [7, 'TensorSliceProto[]'],
  },
  TensorShapeProto: { dim: [2, 'DimProto[]'], unknownRank: [3, 'bool'] },
  DimProto: { size: [1, 'int64'] },
  TensorSliceProto: {},
});

interface BundleEntry {
  dtype?: number;
  shape?: TensorShapeProto;
  shardId?: number;
  offset?: Int64;
  size?: Int64;
  slices?: unknown[];
}

interface Header {
  numShards?: number;
  endianness?: number;
}

const headerType = root.lookupType('BundleHeaderProto');
const entryType = root.lookupType('BundleEntryProto');

/** More files than a checkpoint is cut into. */
const MOST_SHARDS = 10_000;

const INDEX = 'variables/variables.index';

/** The variables of a SavedModel, by their names in the checkpoint. */
export class Checkpoint {
  constructor(
    readonly entries: ReadonlyMap<string, BundleEntry>,
    readonly shards: readonly ModelFile[],
  ) {}

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** The values of a variable; undefined where the checkpoint does not have it. */
  read(name: string): Tensor | undefined {
    const entry = this.entries.get(name);
    if (!entry) return undefined;
    const of = `variable '${name}'`;
    if (entry.slices?.length)
      throw damaged(`${of} is stored in parts, which are not put together; save the model without a partitioner`);
    const shard = this.shards[entry.shardId ?? 0];
    if (!shard)
      throw damaged(`${of} is in part ${entry.shardId} of ${this.shards.length}; copy the folder of variables again`);
    const shape = sizesOf(entry.shape) ?? [];
    if (!graphType(entry.dtype)) throw damaged(`${of} has the element type ${entry.dtype}, which holds no numbers`);
    return readStored(entry.dtype!, shard, toNumber(entry.offset), toNumber(entry.size), shape, of);
  }
}

/** The checkpoint beside a saved_model.pb; undefined where there is none: a model without variables. */
export async function readCheckpoint(file: ModelFile): Promise<Checkpoint | undefined> {
  if (!(await file.exists(INDEX))) return undefined;
  const index = await file.sibling(INDEX);
  const entries = new Map<string, BundleEntry>();
  let shards = 1;
  for (const [key, value] of readTable(index)) {
    const entry = decode(key === '' ? headerType : entryType, key, value);
    if (key !== '') entries.set(key, entry as BundleEntry);
    else if ((entry as Header).endianness)
      throw damaged('its variables are stored big-endian, which is not read; save the model again');
    else shards = (entry as Header).numShards ?? 1;
  }
  if (!(shards >= 1 && shards <= MOST_SHARDS))
    throw damaged(`its variables.index tells of ${shards} files of variables; it is damaged`);
  const number = (i: number) => String(i).padStart(5, '0');
  const files: ModelFile[] = [];
  for (let i = 0; i < shards; i++)
    files.push(await file.sibling(`variables/variables.data-${number(i)}-of-${number(shards)}`));
  return new Checkpoint(entries, files);
}

function decode(type: typeof entryType, key: string, value: Uint8Array): BundleEntry | Header {
  try {
    return type.decode(value) as BundleEntry | Header;
  } catch (error) {
    throw damaged(`the entry '${key}' of its variables.index is damaged; copy the folder of variables again`, error);
  }
}
