import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { write } from './files.ts';
import { largestDifference, runModel, toNchw } from './run.ts';

interface Fixture {
  /** Values as float32 in base64. */
  readonly inputs: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: string }>>;
  readonly cases: readonly {
    readonly name: string;
    /** A GraphDef in base64, with the placeholder `x`. */
    readonly graph: string;
    readonly input: string;
    /** In TensorFlow's order of axes. */
    readonly output: string;
  }[];
}

const FIXTURES = join(import.meta.dirname, '../../fixtures/tensorflow');
const { inputs, cases } = JSON.parse(readFileSync(join(FIXTURES, 'operators.json'), 'utf8')) as Fixture;

const unpacked = (text: string) => new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);

/** N×C×H×W to N×H×W×C. */
function fromNchw(data: Float32Array, [n, c, h, w]: readonly number[]): Float32Array {
  const moved = new Float32Array(data.length);
  const size = h! * w!;
  for (let i = 0; i < n!; i++)
    for (let k = 0; k < c!; k++)
      for (let p = 0; p < size; p++) moved[(i * size + p) * c! + k] = data[(i * c! + k) * size + p]!;
  return moved;
}

describe("TensorFlow's operators give TensorFlow's values", () => {
  it.each(cases)('$name', async ({ graph, input, output }) => {
    const model = await openModel(write('graph.pb', Buffer.from(graph, 'base64')));
    expect(model.unknown).toEqual([]);
    expect(model.warnings).toEqual([]);
    expect(model.inputs[0]!.shape[0]).toBe(-1);
    const { shape, data } = inputs[input]!;
    const given = float32(unpacked(data), shape);
    const [result] = await runModel(model, model.inputs[0]!.layout === 'NHWC' ? toNchw(given) : given);
    const expected = unpacked(output);
    const values = result!.data as Float32Array;
    const orders = result!.shape.length === 4 ? [values, fromNchw(values, result!.shape)] : [values];
    const differences = orders.map((order) => largestDifference(order, expected));
    expect(Math.min(...differences)).toBeLessThan(1e-4 * Math.max(1, ...expected.map(Math.abs)));
  });
});

describe('a SavedModel of TensorFlow 2', () => {
  it('has its functions written out, and its variables from the checkpoint', async () => {
    const model = await openModel(join(FIXTURES, 'saved/saved_model.pb'));
    expect(model.format).toBe('tensorflow');
    expect(model.unknown).toEqual([]);
    expect(model.inputs).toEqual([{ name: 'pixels', shape: [-1, 2, 6, 7], layout: 'NHWC' }]);
    expect(model.layers.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'pixels Placeholder',
      'first Conv2D',
      'Mean Mean',
      'second MatMul',
    ]);
    const { input, output } = JSON.parse(readFileSync(join(FIXTURES, 'saved.json'), 'utf8')) as Record<string, string>;
    const [scores] = await runModel(model, toNchw(float32(unpacked(input!), [2, 6, 7, 2])));
    expect(largestDifference(scores!.data as Float32Array, unpacked(output!))).toBeLessThan(1e-5);
  });
});
