import { BATCH } from '../../../graph/graph.ts';
import { fromStart, gives, isBatch, type AtenFunction, type AtenTable, type Call } from './call.ts';
import { TensorRef } from './values.ts';

const nothing = gives('self', (call) => call.tensor('self'));

/** The tensor in another shape: constants are so at once. */
function reshape(call: Call, sizes: readonly number[]): string {
  const x = call.tensor('self');
  const target = call.network.targetShape(call.shape(x), sizes);
  return (target && call.network.reshaped(x, target)) ?? call.reshape(x, sizes);
}

const reshapes = (parameters: string, sizes: (call: Call, shape: readonly number[]) => readonly number[]) =>
  gives(parameters, (call) => reshape(call, sizes(call, call.shape(call.tensor('self')))));

/** Sizes with the batch as PyTorch saw it. */
const flatten = (call: Call, shape: readonly number[]): readonly number[] => {
  const from = call.axis('start_dim', shape.length, 0);
  const to = call.axis('end_dim', shape.length, -1);
  const joined = shape.slice(from, to + 1);
  if (joined.length > 1 && joined.some(isBatch)) return [-1];
  return [...shape.slice(0, from), joined.reduce((n, size) => n * size, 1), ...shape.slice(to + 1)];
};

function permuted(call: Call, perm: readonly number[]): string {
  const x = call.tensor('self');
  if (perm.every((axis, i) => axis === i)) return x;
  return call.network.turned(x, perm) ?? call.add('Transpose', [x], { perm });
}

function swap(call: Call, first: string | number, second: string | number): string {
  const rank = call.shape(call.tensor('self')).length;
  const axes = [first, second].map((axis) => (typeof axis === 'number' ? axis : call.axis(axis, rank)));
  const perm = Array.from({ length: rank }, (_, axis) => axis);
  [perm[axes[0]!], perm[axes[1]!]] = [axes[1]!, axes[0]!];
  return permuted(call, perm);
}

const squeeze = (call: Call, shape: readonly number[]): readonly number[] => {
  const given = call
    .numbers(
      'dim',
      shape.map((_, axis) => axis),
    )
    .map((axis) => fromStart(axis, shape.length));
  return shape.filter((size, axis) => !(given.includes(axis) && size === 1));
};

const unsqueeze = (call: Call, shape: readonly number[]): readonly number[] => {
  const axis = fromStart(call.number('dim'), shape.length + 1);
  return [...shape.slice(0, axis), 1, ...shape.slice(axis)];
};

const unflatten = (call: Call, shape: readonly number[]): readonly number[] => {
  const axis = call.axis('dim', shape.length);
  const sizes = [...call.numbers('sizes')];
  const open = sizes.indexOf(-1);
  if (open >= 0) sizes[open] = Math.abs(shape[axis]! / sizes.reduce((n, size) => n * size, 1));
  return [...shape.slice(0, axis), ...sizes, ...shape.slice(axis + 1)];
};

/** To sizes of which −1 is the tensor's own; new axes come first. */
function expand(call: Call, sizes: readonly number[]): string {
  const x = call.tensor('self');
  const shape = call.shape(x);
  const before = sizes.length - shape.length;
  const target = sizes.map((size, axis) => {
    const own = shape[axis - before];
    const keeps = own !== undefined && (size === -1 || size === own || (isBatch(own) && size === call.network.batch));
    return keeps ? 1 : size;
  });
  if (target.includes(BATCH)) call.refuse('one value for each image of a batch');
  return before === 0 && target.every((size) => size === 1) ? x : call.add('Expand', [x, call.draft.ints(target)]);
}

/** Each axis as many times as is said, by joining it to itself. */
function repeat(call: Call): string {
  const x = call.tensor('self');
  const shape = call.shape(x);
  const repeats = call.numbers('repeats');
  const most = 64;
  if (
    repeats.length !== shape.length ||
    repeats.some((count, axis) => count > most || (count > 1 && isBatch(shape[axis])))
  )
    call.refuse('a repetition of the batch');
  return repeats.reduce(
    (tensor, count, axis) =>
      count === 1 ? tensor : call.add('Concat', new Array<string>(count).fill(tensor), { axis }),
    x,
  );
}

/** `view`: of numbers of another type, which has no meaning here. */
const view: AtenFunction = reshapes('self size', (call) => call.numbers('size'));

export const SHAPE: AtenTable = {
  view,
  _unsafe_view: view,
  reshape: reshapes('self shape', (call) => call.numbers('shape')),
  view_as: reshapes('self other', (call) => call.shape(call.tensor('other'))),
  flatten: reshapes('self start_dim end_dim', flatten),
  unflatten: reshapes('self dim sizes', unflatten),
  squeeze: reshapes('self dim', squeeze),
  unsqueeze: reshapes('self dim', unsqueeze),
  permute: gives('self dims', (call) => {
    const rank = call.shape(call.tensor('self')).length;
    return permuted(
      call,
      call.numbers('dims').map((axis) => fromStart(axis, rank)),
    );
  }),
  transpose: gives('self dim0 dim1', (call) => swap(call, 'dim0', 'dim1')),
  t: gives('self', (call) => (call.shape(call.tensor('self')).length < 2 ? call.tensor('self') : swap(call, 0, 1))),
  expand: gives('self size implicit', (call) => expand(call, call.numbers('size'))),
  expand_as: gives('self other', (call) => expand(call, call.shape(call.tensor('other')))),
  repeat: gives('self repeats', repeat),
  clone: nothing,
  contiguous: nothing,
  alias: nothing,
  detach: nothing,
  lift_fresh_copy: nothing,
  to: nothing,
  _to_copy: nothing,
  dropout: gives('input p train', dropped),
  feature_dropout: gives('input p train', dropped),
  alpha_dropout: gives('input p train', dropped),
  native_dropout: { parameters: ['input', 'p', 'train'], write: (call) => [new TensorRef(dropped(call)), null] },
};

function dropped(call: Call): string {
  return call.optional('self') || call.tensor('input');
}
