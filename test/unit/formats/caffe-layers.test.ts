import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { elements, type Tensor } from '../../../src/core/graph/tensor.ts';
import { caffeModel, someWeights } from './caffe-files.ts';
import { conv, fc, input, layer, pool } from './caffe-nets.ts';
import { write } from './files.ts';
import { noise, runModel } from './run.ts';

/** Opens a net with some weights and runs it on an image; the output of each layer by name. */
async function run(net: string, sizes: readonly number[]) {
  const weights = someWeights(net);
  const model = await openModel(write('net.caffemodel', caffeModel(weights), { 'net.prototxt': net }));
  const image = noise([1, ...sizes]);
  const layers = model.layers.filter(({ kind }) => kind !== 'Input');
  const tensors = [...new Set(layers.map(({ output }) => output))];
  const results = await runModel({ ...model, graph: { ...model.graph, outputs: tensors } }, image);
  const of = (name: string): Tensor => results[tensors.indexOf(layers.find((one) => one.name === name)!.output)]!;
  const blob = (name: string, i: number) => Array.from(weights.find((one) => one.name === name)!.blobs[i]!.values);
  return {
    model,
    image: Array.from(image.data),
    of,
    values: (name: string) => Array.from(of(name).data as Float32Array),
    blob,
  };
}

function expectClose(given: readonly number[], expected: readonly number[]): void {
  expect(given).toHaveLength(expected.length);
  given.forEach((value, i) => expect(Math.abs(value - expected[i]!), `value ${i}`).toBeLessThan(1e-4));
}

/** Any learned layer, without which no weights belong to a net. */
const learned = conv('learned', 'data', { num_output: 1, kernel_size: 1 });

/** `PoolingLayer::Reshape` and `Forward_cpu`, for one map. */
function caffePool(
  map: readonly number[],
  [h, w]: readonly [number, number],
  method: string,
  k: number,
  s: number,
  p: number,
) {
  const count = (size: number) => {
    let pooled = Math.ceil((size + 2 * p - k) / s) + 1;
    if (p > 0 && (pooled - 1) * s >= size + p) pooled--;
    return pooled;
  };
  const made: number[] = [];
  for (let ph = 0; ph < count(h); ph++)
    for (let pw = 0; pw < count(w); pw++) {
      let [top, left] = [ph * s - p, pw * s - p];
      let [bottom, right] = [Math.min(top + k, h + p), Math.min(left + k, w + p)];
      const area = (bottom - top) * (right - left);
      [top, left, bottom, right] = [Math.max(top, 0), Math.max(left, 0), Math.min(bottom, h), Math.min(right, w)];
      let [most, sum] = [-Infinity, 0];
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) {
          most = Math.max(most, map[y * w + x]!);
          sum += map[y * w + x]!;
        }
      made.push(method === 'MAX' ? most : sum / area);
    }
  return { shape: [count(h), count(w)], made };
}

/** With some windows, the last one is left out along one axis and reaches over the padding along the other. */
const SIZES = [
  [13, 18],
  [14, 18],
  [15, 11],
] as const;

describe('pooling', () => {
  const windows = [
    [3, 2, 0],
    [3, 2, 1],
    [2, 2, 0],
    [2, 2, 1],
    [3, 3, 1],
    [5, 3, 2],
    [3, 1, 1],
    [5, 4, 1],
    [7, 5, 3],
    [4, 2, 3],
    [3, 2, 2],
    [2, 3, 1],
    [3, 4, 2],
  ] as const;
  const rows = windows.flatMap(([k, s, p]) => ['MAX', 'AVE'].map((method) => [method, k, s, p] as const));

  it.each(rows)('%s %i×%i, stride, padding %i', async (method, k, s, p) => {
    for (const size of SIZES) {
      const net =
        input(1, 1, ...size) + learned + pool('pool', 'data', { pool: method, kernel_size: k, stride: s, pad: p });
      const { of, values, image } = await run(net, [1, ...size]);
      const { shape, made } = caffePool(image, size, method, k, s, p);
      expect(of('pool').shape).toEqual([1, 1, ...shape]);
      expectClose(values('pool'), made);
    }
  });
});

describe('layers', () => {
  const at = (shape: readonly number[], ...index: readonly number[]) =>
    index.reduce((sum, i, axis) => sum * shape[axis]! + i, 0);

  it('LRN across channels and within one', async () => {
    const param = { local_size: 3, alpha: 0.5, beta: 0.6 };
    const net =
      input(1, 4, 5, 6) +
      learned +
      layer('LRN', 'across', 'data', 'lrn_param', { ...param, k: 2 }) +
      layer('LRN', 'within', 'data', 'lrn_param', { ...param, norm_region: 'WITHIN_CHANNEL' });
    const { values, image } = await run(net, [4, 5, 6]);
    const x = (c: number, y: number, z: number) =>
      c < 0 || c > 3 || y < 0 || y > 4 || z < 0 || z > 5 ? 0 : image[at([4, 5, 6], c, y, z)]!;
    const across: number[] = [];
    const within: number[] = [];
    for (let c = 0; c < 4; c++)
      for (let y = 0; y < 5; y++)
        for (let z = 0; z < 6; z++) {
          let [channels, places, area] = [0, 0, 0];
          for (const d of [-1, 0, 1]) channels += x(c + d, y, z) ** 2;
          for (const dy of [-1, 0, 1])
            for (const dz of [-1, 0, 1]) {
              places += x(c, y + dy, z + dz) ** 2;
              area++;
            }
          across.push(x(c, y, z) * (2 + (0.5 / 3) * channels) ** -0.6);
          within.push(x(c, y, z) * (1 + (0.5 / area) * places) ** -0.6);
        }
    expectClose(values('across'), across);
    expectClose(values('within'), within);
  });

  it('BatchNorm divides its sums by the scale factor; Scale and Bias per channel', async () => {
    const net =
      input(1, 2, 2, 2) +
      layer('BatchNorm', 'norm', 'data', 'batch_norm_param', { eps: 0.01 }) +
      layer('Scale', 'scale', 'norm', 'scale_param', { bias_term: true }) +
      layer('Bias', 'bias', 'norm');
    const { values, image, blob } = await run(net, [2, 2, 2]);
    const normal = image.map((value, i) => {
      const c = Math.floor(i / 4);
      return (value - blob('norm', 0)[c]! / 2) / Math.sqrt(blob('norm', 1)[c]! / 2 + 0.01);
    });
    const channel = (name: string, i: number, at: number) => blob(name, i)[Math.floor(at / 4)]!;
    expectClose(values('norm'), normal);
    expectClose(
      values('scale'),
      normal.map((value, i) => value * channel('scale', 0, i) + channel('scale', 1, i)),
    );
    expectClose(
      values('bias'),
      normal.map((value, i) => value + channel('bias', 0, i)),
    );
  });

  it('Scale of two inputs stretches the second over the axes behind it', async () => {
    const net =
      input(1, 2, 2, 2) +
      learned +
      pool('pool', 'data', { pool: 'AVE', global_pooling: true }) +
      layer('Flatten', 'flat', 'pool') +
      layer('Scale', 'scale', ['data', 'flat'], 'scale_param', { axis: 0 });
    const { values, image } = await run(net, [2, 2, 2]);
    const mean = [0, 4].map((from) => image.slice(from, from + 4).reduce((a, b) => a + b) / 4);
    expectClose(
      values('scale'),
      image.map((value, i) => value * mean[Math.floor(i / 4)]!),
    );
  });

  it('Eltwise with coefficients, products, maxima', async () => {
    const net =
      input(1, 2, 2, 3) +
      learned +
      layer('Power', 'square', 'data', 'power_param', { power: 2 }) +
      layer('Power', 'affine', 'data', 'power_param', { scale: 3, shift: 1 }) +
      layer('Eltwise', 'sum', ['data', 'square', 'affine'], 'eltwise_param', { coeff: [1, -2, 0.5] }) +
      layer('Eltwise', 'prod', ['data', 'square', 'affine'], 'eltwise_param', { operation: 'PROD' }) +
      layer('Eltwise', 'max', ['data', 'square', 'affine'], 'eltwise_param', { operation: 'MAX' });
    const { values, image } = await run(net, [2, 2, 3]);
    expectClose(
      values('sum'),
      image.map((x) => x - 2 * x * x + 0.5 * (3 * x + 1)),
    );
    expectClose(
      values('prod'),
      image.map((x) => x * x * x * (3 * x + 1)),
    );
    expectClose(
      values('max'),
      image.map((x) => Math.max(x, x * x, 3 * x + 1)),
    );
  });

  it.each<[string, string, Readonly<Record<string, number>>, (x: number) => number]>([
    ['ReLU', 'relu_param', { negative_slope: 0.1 }, (x) => (x > 0 ? x : 0.1 * x)],
    ['ReLU6', '', {}, (x) => Math.min(Math.max(x, 0), 6)],
    ['ELU', 'elu_param', { alpha: 0.5 }, (x) => (x > 0 ? x : 0.5 * (Math.exp(x) - 1))],
    ['Sigmoid', '', {}, (x) => 1 / (1 + Math.exp(-x))],
    ['TanH', '', {}, Math.tanh],
    ['AbsVal', '', {}, Math.abs],
    ['BNLL', '', {}, (x) => Math.log(1 + Math.exp(x))],
    ['Power', 'power_param', { power: 3, scale: 0.5, shift: 2 }, (x) => (2 + 0.5 * x) ** 3],
    ['Power', 'power_param', {}, (x) => x],
    ['Exp', 'exp_param', { base: 2, scale: 0.5, shift: 1 }, (x) => 2 ** (1 + 0.5 * x)],
    ['Exp', 'exp_param', {}, Math.exp],
    ['Log', 'log_param', { base: 10, scale: 1, shift: 2 }, (x) => Math.log10(2 + x)],
    ['Threshold', 'threshold_param', { threshold: 0.25 }, (x) => (x > 0.25 ? 1 : 0)],
    ['Clip', 'clip_param', { min: -0.5, max: 0.25 }, (x) => Math.min(Math.max(x, -0.5), 0.25)],
    ['Swish', 'swish_param', { beta: 2 }, (x) => x / (1 + Math.exp(-2 * x))],
    ['Dropout', 'dropout_param', { dropout_ratio: 0.9 }, (x) => x],
  ])('%s, %s %j', async (type, param, settings, expected) => {
    const { values, image } = await run(
      input(1, 2, 3, 4) + learned + layer(type, 'y', 'data', param, settings),
      [2, 3, 4],
    );
    expectClose(values('y'), image.map(expected));
  });

  it('InnerProduct over the last axis, and from a transposed matrix', async () => {
    const net =
      input(1, 2, 3, 4) +
      layer('InnerProduct', 'last', 'data', 'inner_product_param', { num_output: 5, axis: 3 }) +
      layer('InnerProduct', 'turned', 'data', 'inner_product_param', {
        num_output: 2,
        transpose: true,
        bias_term: false,
      });
    const { of, values, image, blob } = await run(net, [2, 3, 4]);
    expect(of('last').shape).toEqual([1, 2, 3, 5]);
    const [w, b] = [blob('last', 0), blob('last', 1)];
    const last = Array.from({ length: 30 }, (_, i) => {
      const [row, o] = [Math.floor(i / 5), i % 5];
      return [0, 1, 2, 3].reduce((sum, k) => sum + image[row * 4 + k]! * w[o * 4 + k]!, b[o]!);
    });
    expectClose(values('last'), last);
    expectClose(
      values('turned'),
      [0, 1].map((o) => image.reduce((sum, x, k) => sum + x * blob('turned', 0)[k * 2 + o]!, 0)),
    );
  });

  it('Slice, Concat, Tile, Crop, Permute, Flatten, Reshape keep the values', async () => {
    const net =
      input(1, 4, 3, 2) +
      learned +
      layer('Slice', 'cut', 'data', 'slice_param', { axis: 1, slice_point: [1, 3] }, ['a', 'b', 'c']) +
      layer('Slice', 'halves', 'data', 'slice_param', { slice_dim: 1 }, ['d', 'e']) +
      layer('Concat', 'cat', ['c', 'a', 'b'], 'concat_param', { concat_dim: 1 }) +
      layer('Tile', 'tile', 'a', 'tile_param', { axis: 2, tiles: 2 }) +
      layer('Crop', 'crop', ['data', 'a'], 'crop_param', { axis: 2, offset: [0, 0] }) +
      layer('Permute', 'turn', 'data', 'permute_param', { order: [0, 2, 3, 1] }) +
      layer('Flatten', 'flat', 'data', 'flatten_param', { axis: 2 }) +
      'layer { name: "shape" type: "Reshape" bottom: "data" top: "shape" reshape_param { shape { dim: 1 dim: -1 dim: 2 dim: 0 } } }' +
      'layer { name: "part" type: "Reshape" bottom: "data" top: "part" reshape_param { shape { dim: 2 dim: 2 } axis: 1 num_axes: 1 } }' +
      layer('ShuffleChannel', 'mix', 'data', 'shuffle_channel_param', { group: 2 });
    const { of, values, image, model } = await run(net, [4, 3, 2]);
    const channel = (c: number) => image.slice(6 * c, 6 * c + 6);
    expect(model.unknown).toEqual([]);
    expectClose(values('cut'), channel(0));
    expectClose(values('halves'), [0, 1].flatMap(channel));
    expectClose(values('cat'), [3, 0, 1, 2].flatMap(channel));
    expectClose(values('tile'), [...channel(0), ...channel(0)]);
    expectClose(values('mix'), [0, 2, 1, 3].flatMap(channel));
    expect(of('crop').shape).toEqual([1, 4, 3, 2]);
    expect(of('turn').shape).toEqual([1, 3, 2, 4]);
    expectClose(
      values('turn'),
      [0, 1, 2, 3, 4, 5].flatMap((i) => [0, 1, 2, 3].map((c) => image[6 * c + i]!)),
    );
    expect([of('flat').shape, of('shape').shape, of('part').shape]).toEqual([
      [1, 4, 6],
      [1, 6, 2, 2],
      [1, 2, 2, 3, 2],
    ]);
    expectClose(values('shape'), image);
  });

  it('Crop cuts from its offset on, to the size of the second input', async () => {
    const net =
      input(1, 1, 4, 5) +
      learned +
      pool('small', 'data', { kernel_size: 3 }) +
      layer('Crop', 'crop', ['data', 'small'], 'crop_param', { axis: 2, offset: [1, 2] });
    const { of, values, image } = await run(net, [1, 4, 5]);
    expect(of('crop').shape).toEqual([1, 1, 2, 3]);
    expectClose(
      values('crop'),
      [7, 8, 9, 12, 13, 14].map((i) => image[i]!),
    );
  });

  it('Deconvolution spreads each value over its window', async () => {
    const net =
      input(1, 2, 2, 3) +
      layer('Deconvolution', 'up', 'data', 'convolution_param', { num_output: 1, kernel_size: 3, stride: 2, pad: 1 });
    const { of, values, image, blob } = await run(net, [2, 2, 3]);
    expect(of('up').shape).toEqual([1, 1, 3, 5]);
    const expected = new Array<number>(15).fill(blob('up', 1)[0]!);
    for (let c = 0; c < 2; c++)
      for (let y = 0; y < 2; y++)
        for (let x = 0; x < 3; x++)
          for (let ky = 0; ky < 3; ky++)
            for (let kx = 0; kx < 3; kx++) {
              const [oy, ox] = [2 * y + ky - 1, 2 * x + kx - 1];
              if (oy >= 0 && oy < 3 && ox >= 0 && ox < 5)
                expected[oy * 5 + ox]! += image[(c * 2 + y) * 3 + x]! * blob('up', 0)[(c * 3 + ky) * 3 + kx]!;
            }
    expectClose(values('up'), expected);
  });

  it('MVN, Normalize, Reduction, ArgMax', async () => {
    const net =
      input(1, 3, 2, 2) +
      layer('MVN', 'mvn', 'data', 'mvn_param', { eps: 0.01 }) +
      layer('Normalize', 'unit', 'data', 'norm_param', { across_spatial: false, channel_shared: false, eps: 0.1 }) +
      layer('Reduction', 'sum', 'data', 'reduction_param', { operation: 'ASUM', axis: 1, coeff: 2 }) +
      layer('ArgMax', 'index', 'data', 'argmax_param', { axis: 1 }) +
      fc('fc', 'data', 2);
    const { of, values, image, blob } = await run(net, [3, 2, 2]);
    const mvn = [0, 1, 2].flatMap((c) => {
      const map = image.slice(4 * c, 4 * c + 4);
      const mean = map.reduce((a, b) => a + b) / 4;
      const deviation = Math.sqrt(map.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 4);
      return map.map((x) => (x - mean) / (deviation + 0.01));
    });
    expectClose(values('mvn'), mvn);
    const column = (i: number) => [0, 4, 8].map((from) => image[from + (i % 4)]!);
    const norm = (i: number) => Math.sqrt(column(i).reduce((sum, x) => sum + x * x, 0.1));
    expectClose(
      values('unit'),
      image.map((x, i) => (x / norm(i)) * blob('unit', 0)[Math.floor(i / 4)]!),
    );
    expectClose(values('sum'), [2 * image.reduce((sum, x) => sum + Math.abs(x), 0)]);
    expect(of('index').shape).toEqual([1, 1, 2, 2]);
    expectClose(
      values('index'),
      [0, 1, 2, 3].map((i) => column(i).indexOf(Math.max(...column(i)))),
    );
  });

  it('Interp keeps the corners', async () => {
    const net =
      input(1, 1, 2, 2) +
      learned +
      layer('Interp', 'wide', 'data', 'interp_param', { height: 3, width: 5 }) +
      layer('Interp', 'zoom', 'data', 'interp_param', { zoom_factor: 3 });
    const { of, values, image } = await run(net, [1, 2, 2]);
    const [a, b, c, d] = image as [number, number, number, number];
    const row = (from: number, to: number) => [0, 1, 2, 3, 4].map((i) => from + ((to - from) * i) / 4);
    expectClose(values('wide'), [...row(a, b), ...row((a + c) / 2, (b + d) / 2), ...row(c, d)]);
    expect(of('zoom').shape).toEqual([1, 1, 4, 4]);
    expect(elements(of('wide').shape)).toBe(15);
  });
});
