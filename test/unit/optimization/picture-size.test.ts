import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { pictureSize, transformsFor, windowSize } from '../../../src/core/optimization/picture-size.ts';

const LUCID = { pad: 12, jitter: 8, scale: 0.1, rotate: 10, jitter2: 4 };

/** Two convolutions, 9 and 45 pixels wide to the input, then a dense layer on all that is left. */
function network(side: number) {
  const b = new GraphBuilder();
  const x = b.input('x', [BATCH, 3, side, side]);
  const kernel = (inputs: number, k: number) => b.floats('w', new Float32Array(2 * inputs * k * k), [2, inputs, k, k]);
  const shallow = b.add('Conv', [x, kernel(3, 9)], { strides: [4, 4] });
  const deep = b.add('Conv', [shallow, kernel(2, 10)]);
  const flat = b.add('Flatten', [deep], { axis: 1 });
  const features = inferShapes(b.graph()).get(flat)![1]!;
  const dense = b.add('Gemm', [flat, b.floats('d', new Float32Array(features * 5), [features, 5])]);
  const graph = b.graph([dense]);
  const ask = (tensor: string, wanted: number | [number, number] = 0) =>
    pictureSize({ graph, shapes: inferShapes(graph), input: 'x', tensor, wanted });
  return { ask, shallow, deep, dense };
}

describe('pictureSize', () => {
  const { ask, shallow, deep, dense } = network(100);

  it('is the receptive field, rounded up, but not too small to be looked at', () => {
    expect(ask(shallow)).toEqual({ size: [32, 32], fixed: false });
    expect(ask(deep)).toEqual({ size: [48, 48], fixed: false });
  });

  it('is never more than the network takes', () => {
    const small = network(46);
    expect(small.ask(small.deep)).toEqual({ size: [46, 46], fixed: false });
  });

  it("is the input's own where what lies below takes no other", () => {
    expect(ask(dense)).toEqual({ size: [100, 100], fixed: true });
    expect(ask(dense, 100)).toEqual({ size: [100, 100], fixed: true });
    expect(() => ask(deep, 20)).toThrow('size 20: this layer takes larger pictures, or others. Leave size at 0.');
    expect(() => ask(dense, 64)).toThrow('size 64: this layer takes pictures of 100×100 only. Leave size at 0.');
  });

  it('is what is asked for', () => {
    expect(ask(deep, 80)).toEqual({ size: [80, 80], fixed: false });
    expect(ask(deep, [100, 100])).toEqual({ size: [100, 100], fixed: false });
  });
});

describe('transforms', () => {
  it('are as they are given for large pictures', () => {
    expect(transformsFor([128, 200], LUCID, LUCID)).toEqual(LUCID);
  });

  it('shift small pictures less, and have as much grey as is shifted', () => {
    expect(transformsFor([64, 64], LUCID, LUCID)).toEqual({ ...LUCID, pad: 6 });
    expect(transformsFor([32, 48], LUCID, LUCID)).toEqual({ ...LUCID, pad: 3, jitter: 4, jitter2: 2 });
  });

  it('are left alone where the user chose them', () => {
    expect(transformsFor([32, 32], { ...LUCID, jitter: 9, pad: 1 }, LUCID)).toMatchObject({ jitter: 9, pad: 1 });
  });
});

describe('windowSize', () => {
  it("is what Lucid's padding and shifts leave", () => {
    expect(windowSize([128, 128], false, [224, 224], LUCID)).toEqual([140, 140]);
    expect(windowSize([60, 60], false, [224, 224], { ...LUCID, pad: 6 })).toEqual([60, 60]);
  });

  it("is not more than the network's input or the picture", () => {
    expect(windowSize([220, 300], false, [224, 224], LUCID)).toEqual([224, 300]);
  });

  it("is the network's input where that is the only one", () => {
    expect(windowSize([28, 28], true, [28, 28], { ...LUCID, pad: 0 })).toEqual([28, 28]);
  });
});
