import { damaged } from '../../failure.ts';
import { ELEMENTS, type Element } from '../elements.ts';
import { Dict, Global, Instance, itemsOf, Storage, TensorView, Tuple, type Value } from './values.ts';

type Call = (args: readonly Value[], name: string) => Value;

const first: Call = ([value]) => value ?? null;
const instance: Call = (args, name) => new Instance(name, new Tuple(args));

/** Of one list always the same: a pickle that names its list again and again takes no time for it. */
const dicts = new WeakMap<object, Dict>();

function dict([items]: readonly Value[]): Dict {
  if (items instanceof Dict) return items;
  const pairs = itemsOf(items);
  const known = dicts.get(pairs);
  if (known) return known;
  const made = new Dict();
  if (pairs.length > 0) dicts.set(pairs, made);
  for (const item of pairs) {
    const [key, value] = itemsOf(item);
    if (key !== undefined) made.entries.set(key, value ?? null);
  }
  return made;
}

/** PyTorch's own limit. */
const MOST_AXES = 64;

function tensor([storage, offset, shape, strides, , , type]: readonly Value[]): TensorView {
  const [sizes, steps] = [itemsOf(shape), itemsOf(strides)];
  if (sizes.length !== steps.length || sizes.length > MOST_AXES)
    throw damaged(`a tensor in its pickle has ${sizes.length} sizes and ${steps.length} strides; save the model again`);
  const whole = (value: Value | undefined): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!(storage instanceof Storage) || !whole(offset) || !sizes.every(whole) || !steps.every(whole))
    throw damaged('a tensor in its pickle has no storage, offset, shape and strides; save the model again');
  return new TensorView(storage, offset, sizes, steps, type instanceof Global ? typeOf(type) : storage.element);
}

const typeOf = ({ name }: Global): Element | undefined => {
  const own = name.replace(/^torch\./, '');
  return Object.hasOwn(ELEMENTS, own) ? ELEMENTS[own as keyof typeof ELEMENTS] : undefined;
};

/** What the calls that PyTorch itself writes come to; here they are computed, nothing of Python is run. */
const CALLS: Readonly<Record<string, Call>> = {
  'collections.OrderedDict': dict,
  'collections.defaultdict': () => new Dict(),
  'torch._utils._rebuild_tensor': tensor,
  'torch._utils._rebuild_tensor_v2': (args) => tensor(args.slice(0, 6)),
  'torch._utils._rebuild_tensor_v3': tensor,
  'torch._utils._rebuild_parameter': first,
  'torch.nn.parameter.Parameter': first,
  'torch._utils._rebuild_parameter_with_state': first,
  'torch._tensor._rebuild_from_type_v2': ([, , args]) => tensor(itemsOf(args).slice(0, 6)),
  'torch.Size': ([sizes]) => new Tuple(itemsOf(sizes)),
  'torch.jit._pickle.build_intlist': first,
  'torch.jit._pickle.build_doublelist': first,
  'torch.jit._pickle.build_boollist': first,
  'torch.jit._pickle.build_tensorlist': first,
  'torch.jit._pickle.restore_type_tag': first,
  'copyreg._reconstructor': ([type]) => new Instance(type instanceof Global ? type.name : '?', null),
};
const ALIASES: Readonly<Record<string, string>> = { 'copy_reg._reconstructor': 'copyreg._reconstructor' };

/** Makers of settings that stand beside weights (a date, a path, a number of numpy's): kept as names, never made. */
const HARMLESS = new Set([
  ...['set', 'frozenset', 'slice', 'range', 'complex', 'bytearray'].flatMap((type) => [
    `builtins.${type}`,
    `__builtin__.${type}`,
  ]),
  ...['datetime', 'date', 'time', 'timedelta', 'timezone'].map((type) => `datetime.${type}`),
  ...['Path', 'PosixPath', 'WindowsPath', 'PurePosixPath', 'PureWindowsPath'].flatMap((type) => [
    `pathlib.${type}`,
    `pathlib._local.${type}`,
  ]),
  ...['core', '_core'].flatMap((at) => [`numpy.${at}.multiarray.scalar`, `numpy.${at}.multiarray._reconstruct`]),
  'numpy.dtype',
  '_codecs.encode',
  'collections.deque',
  'collections.Counter',
  'functools.partial',
  'torch.device',
  'torch.Generator',
  'torch.nn.backends.thnn._get_thnn_function_backend', // in every module of PyTorch before 1.5
  'uuid.UUID',
]);

/** A call in a pickle. Throws a file error that names what is neither PyTorch's own nor harmless. */
export function call(callee: Value, args: readonly Value[]): Value {
  const given = callee instanceof Global ? callee.name : '';
  const name = Object.hasOwn(ALIASES, given) ? ALIASES[given]! : given;
  if (Object.hasOwn(CALLS, name)) return CALLS[name]!(args, name);
  if (HARMLESS.has(name)) return instance(args, name);
  throw damaged(
    `its pickle calls '${name || 'something without a name'}', which is not run here, and weights have no need of it; ` +
      "don't load it in Python unless you trust it, and save the weights alone: torch.save(model.state_dict(), FILE)",
  );
}
