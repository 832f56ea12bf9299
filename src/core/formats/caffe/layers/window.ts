import type { Call } from '../call.ts';
import type { Message } from '../message.ts';

type Pair = readonly [number, number];

/** A setting of height and width: one number for both or one each (`kernel_size`), or by name (`kernel_h`, `kernel_w`). */
export function pair(call: Call, param: Message, name: string, short: string, fallback?: number): Pair {
  const [h, w] = [`${short}_h`, `${short}_w`];
  const list = param.numbers(name);
  const least = short === 'pad' ? 0 : 1;
  let values: readonly number[];
  if (param.has(h) || param.has(w)) {
    if (list.length > 0) throw call.wrong(`${name} and ${h}, ${w}; only one of the two is allowed`);
    values = [param.number(h, fallback ?? 0), param.number(w, fallback ?? 0)];
  } else if (list.length > 0) values = list.length === 1 ? [list[0]!, list[0]!] : list;
  else if (fallback !== undefined) values = [fallback, fallback];
  else throw call.wrong(`no ${name}`);
  if (values.length !== 2 || !values.every((value) => Number.isSafeInteger(value) && value >= least))
    throw call.wrong(`${name} ${values.join(', ')}; two whole numbers from ${least} on were expected`);
  return values as unknown as Pair;
}

/** ONNX's `pads` of a padding that is the same at both ends. */
export const bothEnds = ([h, w]: Pair): number[] => [h, w, h, w];
