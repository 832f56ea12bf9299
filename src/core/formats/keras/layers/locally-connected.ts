import { Unsupported, type Call, type LayerBuilder } from '../call.ts';
import { activated } from './convolution.ts';

/** All positions of a box, the last axis fastest. */
const positions = (sizes: readonly number[]): number[][] =>
  sizes.reduce<number[][]>(
    (found, size) => found.flatMap((place) => Array.from({ length: size }, (_, i) => [...place, i])),
    [[]],
  );

/** A whole number for each axis. */
function perAxis(call: Call, name: string, axes: number, fallback?: number): readonly number[] {
  const given = call.layer.settings[name] ?? fallback;
  const sizes: readonly unknown[] = Array.isArray(given) ? given : new Array<unknown>(axes).fill(given);
  if (sizes.length !== axes || !sizes.every((size) => Number.isInteger(size) && (size as number) > 0))
    throw call.wrong(name, `${axes} whole ${axes > 1 ? 'numbers' : 'number'}`);
  return sizes as readonly number[];
}

/**
 * A convolution with weights of its own at each place: P places × window × filters, as Keras keeps them where nothing is padded.
 * The windows are gathered, N×P×1×window, and each is multiplied by its own matrix.
 */
const locallyConnected =
  (axes: 1 | 2): LayerBuilder =>
  (call) => {
    if (call.number('implementation', 1) !== 1 || !call.imagesChannelsLast)
      throw new Unsupported(`${call.layer.kind} with implementation 2 or 3, or channels first`);
    const names = call.flag('use_bias', true) ? ['kernel', 'bias'] : ['kernel'];
    const input = call.plain(call.input);
    const sizes = call.shape(input).slice(1);
    const channels = sizes.pop()!;
    const kernel = perAxis(call, 'kernel_size', axes);
    const strides = perAxis(call, 'strides', axes, 1);
    const out = sizes.map((size, i) => Math.floor((size - kernel[i]!) / strides[i]!) + 1);
    const inside = positions(kernel);
    const taken = positions(out).flatMap((start) =>
      inside.flatMap((offset) => {
        const place = sizes.reduce((at, size, i) => at * size + start[i]! * strides[i]! + offset[i]!, 0);
        return Array.from({ length: channels }, (_, c) => place * channels + c);
      }),
    );
    const flat = call.add('Reshape', [input.tensor, call.ints([0, -1])], {}, 'values');
    const gathered = call.add('Gather', [flat, call.ints(taken)], { axis: 1 }, 'gathered');
    const places = out.reduce((a, b) => a * b, 1);
    const windows = call.add('Reshape', [gathered, call.ints([0, places, 1, -1])], {}, 'windows');
    const products = call.add('MatMul', [windows, call.weight('kernel', names)], {}, 'products');
    const map = call.add('Reshape', [products, call.ints([0, ...out, call.number('filters', 1)])], {}, 'map');
    const biased = names.length > 1 ? call.add('Add', [map, call.weight('bias', names)], {}, 'biased') : map;
    return activated(call, call.toImage(biased));
  };

export const LOCALLY_CONNECTED_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  LocallyConnected1D: locallyConnected(1),
  LocallyConnected2D: locallyConnected(2),
};
