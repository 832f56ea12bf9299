import { beforeAll, describe, expect, it } from 'vitest';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import type { TableResult } from '../../../src/core/results.ts';
import { relationTable } from '../../../src/core/visualizers/relation-table.ts';
import { arrayOf, ramp, resultOf } from '../visualizers/tiny-network.ts';
import { handNetwork, sessionOn } from './hand-network.ts';

/** 1×8×8 → 4 of 3×3 → relu → 2×2 max-pool → 4 of 3×3 → relu → 3 of 1×1. */
const network = () =>
  sessionOn([BATCH, 1, 8, 8], (builder) => {
    builder.constant('a', float32(ramp(36), [4, 1, 3, 3]));
    builder.constant('b', float32(ramp(144, 1), [4, 4, 3, 3]));
    builder.constant('c', float32(ramp(12, 2), [3, 4, 1, 1]));
    const window = { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] };
    builder.addNode('Conv', ['x', 'a'], ['first'], window);
    builder.addNode('Relu', ['first'], ['relu1']);
    builder.addNode('MaxPool', ['relu1'], ['pool'], { kernel_shape: [2, 2], strides: [2, 2] });
    builder.addNode('Conv', ['pool', 'b'], ['second'], window);
    builder.addNode('Relu', ['second'], ['relu2']);
    return builder.addNode('Conv', ['relu2', 'c'], ['third'], {
      ...window,
      kernel_shape: [1, 1],
      pads: [0, 0, 0, 0],
    })[0]!;
  });

describe('relation table', () => {
  let result: TableResult;
  let of: (operator: string) => (readonly (string | number)[])[];

  beforeAll(async () => {
    const tensor = float32(ramp(64, 5), [1, 1, 8, 8]);
    result = (await resultOf(relationTable, await network(), {
      layer: 'third',
      units: [{ channel: 0 }],
      tensor,
    })) as TableResult;
    of = (operator) => result.rows.filter(([name]) => String(name).startsWith(operator));
  });

  it('has the convolution, where all do the same', () => {
    const [row] = of('Convolution');
    expect(row!.slice(5)).toEqual([row![5], row![5], row![5]]);
    expect(row![5]).not.toBe(0);
  });

  it('has the cases of the ReLU as they are defined, with the numbers of the image', () => {
    const rows = of('ReLU');
    expect(rows.length).toBe(4);
    for (const [name, , , x, g, backprop, deconvnet, guided] of rows as [string, string, string, ...number[]][]) {
      expect([name.includes('x > 0'), name.includes('g > 0')]).toEqual([x! > 0, g! > 0]);
      expect(backprop).toBeCloseTo(x! > 0 ? g! : 0, 6);
      expect(deconvnet).toBeCloseTo(Math.max(0, g!), 6);
      expect(guided).toBeCloseTo(x! > 0 ? Math.max(0, g!) : 0, 6);
    }
  });

  it('has max-pooling by switches and without', () => {
    const [largest, centre] = of('Max-pooling') as [string, string, string, ...number[]][];
    expect(largest!.slice(5)).toEqual([largest![4], largest![4], largest![4]]);
    expect(centre!.slice(6)).toEqual([centre![4], centre![4]]);
    expect(centre![4]).toBe(largest![4]);
  });

  it('has what arrives at the image, as the methods themselves have it', async () => {
    expect(Object.keys(result.arrays)).toEqual(['backprop', 'deconvnet', 'guided']);
    for (const name of Object.keys(result.arrays)) expect(arrayOf(result, name).shape).toEqual([1, 1, 8, 8]);
    expect(result.metrics['unit']).toHaveLength(3);
  });

  it('takes the strongest unit where none is asked for, and says what there is not', async () => {
    const tensor = float32([2, 1], [1, 2]);
    const { rows, notes, title } = (await resultOf(relationTable, await handNetwork(), {
      layer: 'scores',
      tensor,
    })) as TableResult;
    expect(title).toContain('unit 1 of scores');
    expect(rows.map(([name]) => name)).toEqual(['ReLU: x > 0, g > 0']);
    expect(notes.join(' ')).toMatch(/no convolution below .* no max-pooling below/);
  });
});
