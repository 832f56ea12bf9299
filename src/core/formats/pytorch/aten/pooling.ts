import { gives, type AtenTable, type Call } from './call.ts';
import { TensorRef } from './values.ts';

const AXES = 2;

function checkMaps(call: Call, x: string): readonly [number, number] {
  const shape = call.shape(x);
  if (shape.length !== AXES + 2) call.refuse('a batch is missing');
  return shape.slice(2) as unknown as readonly [number, number];
}

function window(call: Call) {
  const kernel = call.each('kernel_size', AXES, 1);
  const pads = call.each('padding', AXES, 0);
  return {
    kernel_shape: kernel,
    strides: call.each('stride', AXES, kernel),
    pads: [...pads, ...pads],
    ...(call.flag('ceil_mode') && { ceil_mode: 1 }),
  };
}

function maxPool(call: Call): string {
  const dilations = call.each('dilation', AXES, 1);
  const holes = dilations.some((one) => one !== 1) && { dilations };
  return call.add('MaxPool', [call.tensor('self')], { ...window(call), ...holes });
}

function averagePool(call: Call): string {
  if (call.has('divisor_override')) call.refuse('a divisor of its own');
  const attributes = window(call);
  const counts = attributes.pads.some(Boolean) && call.flag('count_include_pad', true) && { count_include_pad: 1 };
  return call.add('AveragePool', [call.tensor('self')], { ...attributes, ...counts });
}

/** Of a table of means; larger ones are no network's. */
const MOST_SHARES = 2 ** 20;

/** Means of as many windows as are asked for: window i is from ⌊i·size/count⌋ to ⌈(i+1)·size/count⌉. */
function adaptiveAverage(call: Call): string {
  const x = call.tensor('self');
  const sizes = checkMaps(call, x);
  const wanted = call.each('output_size', AXES, 1);
  if (wanted.every((count) => count === 1)) return call.add('GlobalAveragePool', [x]);
  if (wanted.every((count, i) => count === sizes[i])) return x;
  if (wanted.every((count, i) => sizes[i]! % count === 0)) {
    const kernel = wanted.map((count, i) => sizes[i]! / count);
    return call.add('AveragePool', [x], { kernel_shape: kernel, strides: kernel, pads: [0, 0, 0, 0] });
  }
  if (wanted.some((count, i) => count * sizes[i]! > MOST_SHARES)) call.refuse('as many means');
  const [rows, columns] = wanted.map((count, i) => means(count, sizes[i]!)) as [Float32Array, Float32Array];
  const left = call.draft.floats(`${call.name}/rows`, rows, [wanted[0]!, sizes[0]]);
  const turned = new Float32Array(columns.length);
  for (let o = 0; o < wanted[1]!; o++)
    for (let i = 0; i < sizes[1]; i++) turned[i * wanted[1]! + o] = columns[o * sizes[1] + i]!;
  const right = call.draft.floats(`${call.name}/columns`, turned, [sizes[1], wanted[1]!]);
  return call.add('MatMul', [call.add('MatMul', [left, x]), right]);
}

/** count×size: the share that each value has in each mean. */
function means(count: number, size: number): Float32Array {
  const shares = new Float32Array(count * size);
  for (let o = 0; o < count; o++) {
    const [from, to] = [Math.floor((o * size) / count), Math.ceil(((o + 1) * size) / count)];
    shares.fill(1 / (to - from), o * size + from, o * size + to);
  }
  return shares;
}

function adaptiveMaximum(call: Call): string {
  const x = call.tensor('self');
  const sizes = checkMaps(call, x);
  const wanted = call.each('output_size', AXES, 1);
  if (wanted.every((count) => count === 1)) return call.add('GlobalMaxPool', [x]);
  if (wanted.some((count, i) => sizes[i]! % count !== 0)) call.refuse('windows of several sizes');
  const kernel = wanted.map((count, i) => sizes[i]! / count);
  return call.add('MaxPool', [x], { kernel_shape: kernel, strides: kernel, pads: [0, 0, 0, 0] });
}

const MAX_POOL = 'self kernel_size stride padding dilation ceil_mode';

export const POOLING: AtenTable = {
  max_pool2d: gives(MAX_POOL, maxPool),
  max_pool2d_with_indices: {
    parameters: MAX_POOL.split(' '),
    write: (call) => [new TensorRef(maxPool(call)), null],
  },
  avg_pool2d: gives('self kernel_size stride padding ceil_mode count_include_pad divisor_override', averagePool),
  adaptive_avg_pool2d: gives('self output_size', adaptiveAverage),
  _adaptive_avg_pool2d: gives('self output_size', adaptiveAverage),
  adaptive_max_pool2d: {
    parameters: ['self', 'output_size'],
    write: (call) => [new TensorRef(adaptiveMaximum(call)), null],
  },
};
