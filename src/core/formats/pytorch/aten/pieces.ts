import { isBatch, gives, givesList, type AtenTable, type Call } from './call.ts';

/** Positions from `start` to before `end` along an axis, every `step`; all of them is the tensor itself. */
function slice(call: Call, x: string, axis: number, start: number, end: number, step = 1): string {
  const size = call.shape(x)[axis]!;
  if (start === 0 && step === 1 && (isBatch(size) ? end >= call.network.batch : end >= size)) return x;
  if (isBatch(size)) call.refuse('a part of the batch');
  const { draft } = call;
  const steps = step === 1 ? [] : [draft.ints([step])];
  return call.add('Slice', [x, draft.ints([start]), draft.ints([Math.min(end, size)]), draft.ints([axis]), ...steps]);
}

/** A position from the start; beyond the ends is at them. */
const clamp = (at: number, size: number) => Math.min(Math.max(at < 0 ? at + size : at, 0), size);

function sliced(call: Call): string {
  const x = call.tensor('self');
  const shape = call.shape(x);
  const axis = call.axis('dim', shape.length, 0);
  const size = isBatch(shape[axis]) ? call.network.batch : shape[axis]!;
  const start = clamp(call.whole('start', 0), size);
  const end = clamp(call.whole('end', size), size);
  return slice(call, x, axis, start, end, call.whole('step', 1));
}

function select(call: Call, x: string, axis: number, index: number): string {
  const shape = call.shape(x);
  const size = shape[axis]!;
  if (isBatch(size)) call.refuse('one image of the batch');
  const at = index < 0 ? index + size : index;
  const part = slice(call, x, axis, at, at + 1);
  return call.reshape(
    part,
    shape.filter((_, i) => i !== axis),
  );
}

/** Parts of these sizes, one after the other. */
function parts(call: Call, sizes: readonly number[]): string[] {
  const x = call.tensor('self');
  const axis = call.axis('dim', call.shape(x).length, 0);
  let from = 0;
  return sizes.map((size) => slice(call, x, axis, from, (from += size)));
}

/** How many parts at most: more are a damaged file's. */
const MOST_PARTS = 65536;

function equalParts(call: Call, each: (size: number) => number): number[] {
  const shape = call.shape(call.tensor('self'));
  const size = shape[call.axis('dim', shape.length, 0)]!;
  const part = Math.max(1, Math.floor(each(size)));
  const count = Math.ceil(size / part);
  if (count > MOST_PARTS) call.refuse(`${count} parts`);
  return Array.from({ length: count }, (_, i) => Math.min(part, size - i * part));
}

/** One size for all parts, or a list. */
const split = givesList('self split_size dim', (call) => {
  const given = call.numbers('split_size');
  return parts(call, given.length === 1 ? equalParts(call, () => given[0]!) : given);
});

function concat(call: Call): string {
  const tensors = call.tensors('tensors');
  const [first] = tensors;
  if (first === undefined) call.refuse('nothing to join');
  const rank = tensors.map((name) => call.shape(name).length)[0]!;
  const axis = call.axis('dim', rank, 0);
  if (isBatch(call.shape(first!)[axis])) call.refuse('batches joined');
  return tensors.length === 1 ? first! : call.add('Concat', tensors, { axis });
}

function stack(call: Call): string {
  const tensors = call.tensors('tensors');
  const shape = call.shape(tensors[0] ?? '');
  const axis = call.axis('dim', shape.length + 1, 0);
  const grown = [...shape.slice(0, axis), 1, ...shape.slice(axis)];
  return call.add(
    'Concat',
    tensors.map((name) => call.reshape(name, grown)),
    { axis },
  );
}

/** Padding of the last axes, the last one first, each before and after. */
function pad(call: Call, mode: string, amounts = 'pad'): string {
  const x = call.tensor('self');
  const { length } = call.shape(x);
  const given = call.numbers(amounts);
  const [begin, end] = [new Array<number>(length).fill(0), new Array<number>(length).fill(0)];
  for (let i = 0; 2 * i + 1 < given.length && i < length; i++) {
    begin[length - 1 - i] = given[2 * i]!;
    end[length - 1 - i] = given[2 * i + 1]!;
  }
  const modes: Readonly<Record<string, string>> = { constant: 'constant', reflect: 'reflect', replicate: 'edge' };
  const known = Object.hasOwn(modes, mode) ? modes[mode]! : call.refuse(`padding of the kind ${mode}`);
  const value = call.number('value', 0);
  const inputs = [x, call.draft.ints([...begin, ...end]), ...(value === 0 ? [] : [call.draft.scalar(value)])];
  return call.add('Pad', inputs, known === 'constant' ? {} : { mode: known });
}

/** Channels that were dealt out to groups are dealt again, one of each group after the other (ShuffleNet). */
function shuffle(call: Call): string {
  const x = call.tensor('self');
  const [n, c, h, w] = call.shape(x) as readonly [number, number, number, number];
  const groups = call.whole('groups');
  const apart = call.reshape(x, [n, groups, c / groups, h, w]);
  return call.reshape(call.add('Transpose', [apart], { perm: [0, 2, 1, 3, 4] }), [n, c, h, w]);
}

export const PIECES: AtenTable = {
  cat: gives('tensors dim', concat),
  concat: gives('tensors dim', concat),
  stack: gives('tensors dim', stack),
  slice: gives('self dim start end step', sliced),
  narrow: gives('self dim start length', (call) => {
    const x = call.tensor('self');
    const axis = call.axis('dim', call.shape(x).length);
    const start = clamp(call.whole('start'), call.shape(x)[axis]!);
    return slice(call, x, axis, start, start + call.whole('length'));
  }),
  select: gives('self dim index', (call) => {
    const x = call.tensor('self');
    return select(call, x, call.axis('dim', call.shape(x).length), call.whole('index'));
  }),
  unbind: givesList('self dim', (call) => {
    const x = call.tensor('self');
    const axis = call.axis('dim', call.shape(x).length, 0);
    return equalParts(call, () => 1).map((_, i) => select(call, x, axis, i));
  }),
  split,
  split_with_sizes: givesList('self split_sizes dim', (call) => parts(call, call.numbers('split_sizes'))),
  chunk: givesList('self chunks dim', (call) =>
    parts(
      call,
      equalParts(call, (size) => Math.ceil(size / call.whole('chunks'))),
    ),
  ),
  pad: gives('self pad mode value', (call) => pad(call, call.text('mode', 'constant'))),
  constant_pad_nd: gives('self pad value', (call) => pad(call, 'constant')),
  reflection_pad2d: gives('self padding', (call) => pad(call, 'reflect', 'padding')),
  replication_pad2d: gives('self padding', (call) => pad(call, 'replicate', 'padding')),
  pixel_shuffle: gives('self upscale_factor', (call) =>
    call.add('DepthToSpace', [call.tensor('self')], { blocksize: call.whole('upscale_factor'), mode: 'CRD' }),
  ),
  channel_shuffle: gives('self groups', shuffle),
};
