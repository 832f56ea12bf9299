import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attribute } from '../../../src/core/graph/graph.ts';
import type { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { backwardRule } from '../../../src/core/graph/rules/index.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { backward } from '../../support/backward.ts';

const pool = (attributes: Record<string, Attribute>) => (b: GraphBuilder, x: string) =>
  b.add('MaxPool', [x], attributes);
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

interface Pooling {
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly ceil: boolean;
}

/** One map with many equal values, and how it is pooled. */
const poolings = fc
  .record({
    size: fc.tuple(fc.integer({ min: 3, max: 7 }), fc.integer({ min: 3, max: 7 })),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    pads: fc.tuple(fc.nat(1), fc.nat(1), fc.nat(1), fc.nat(1)),
    ceil: fc.boolean(),
  })
  .filter(({ kernel, pads }) => pads.every((pad, i) => pad < kernel[i % 2]!))
  .chain((pooling: Pooling) => {
    const count = pooling.size[0] * pooling.size[1];
    const values = fc.array(fc.integer({ min: -2, max: 1 }), { minLength: count, maxLength: count });
    return values.map((chosen) => ({ pooling, values: chosen }));
  });

/** The windows of a pooling, each as its values' positions in row-major order. */
function windows({ size, kernel, strides, pads, ceil }: Pooling): number[][] {
  const count = (axis: 0 | 1) => {
    const room = (size[axis] + pads[axis] + pads[axis + 2]! - kernel[axis]) / strides[axis];
    const whole = (ceil ? Math.ceil(room) : Math.floor(room)) + 1;
    return ceil && (whole - 1) * strides[axis] >= size[axis] + pads[axis] ? whole - 1 : whole;
  };
  const covered = (axis: 0 | 1, at: number) =>
    range(kernel[axis])
      .map((k) => at * strides[axis] - pads[axis] + k)
      .filter((position) => position >= 0 && position < size[axis]);
  return range(count(0)).flatMap((row) =>
    range(count(1)).map((column) => covered(0, row).flatMap((y) => covered(1, column).map((x) => y * size[1] + x))),
  );
}

describe('max-pool', () => {
  it.each(['gradient', 'guided', 'deconvnet'])('%s: to the first of the largest values in row-major order', (rule) =>
    fc.assert(
      fc.asyncProperty(poolings, async ({ pooling, values }) => {
        const expected = values.map(() => 0);
        for (const window of windows(pooling)) {
          const largest = Math.max(...window.map((at) => values[at]!));
          expected[window.find((at) => values[at] === largest)!]! += 1;
        }
        const { kernel, strides, pads, ceil } = pooling;
        const attributes = { kernel_shape: kernel, strides, pads, ceil_mode: ceil ? 1 : 0 };
        const x = float32(values, [1, 1, ...pooling.size]);
        expect(await backward(pool(attributes), x, backwardRule(rule))).toEqual(expected);
      }),
    ),
  );

  it('global: to the first of the largest values', async () => {
    const x = float32([1, 7, 7, 7], [1, 1, 2, 2]);
    const network = (b: GraphBuilder, name: string) => b.add('GlobalMaxPool', [name]);
    expect(await backward(network, x)).toEqual([0, 1, 0, 0]);
    expect(await backward(network, x, backwardRule('gradient', { switches: 'none' }))).toEqual([1, 0, 0, 0]);
  });
});

describe('max-pool without switches: to the centre', () => {
  const line = (values: number) => float32(new Float32Array(values).fill(1), [1, 1, values]);
  it.each([
    // A window's values, and where its share lands.
    ['of three values', 7, { kernel_shape: [3], strides: [2] }, [0, 1, 0, 1, 0, 1, 0]],
    ['of two: the first', 6, { kernel_shape: [2], strides: [2] }, [1, 0, 1, 0, 1, 0]],
    ['of four: the second', 4, { kernel_shape: [4], strides: [4] }, [0, 1, 0, 0]],
    ['where windows overlap', 4, { kernel_shape: [3], strides: [1] }, [0, 1, 1, 0]],
    // Windows −1…1, 1…3, 3…5.
    ['with padding', 5, { kernel_shape: [3], strides: [2], pads: [1, 1] }, [1, 0, 1, 0, 1]],
    // Windows −1…0 (its centre is padding: the nearest value inside), 1…2, 3…4.
    ['in the padding', 5, { kernel_shape: [2], strides: [2], pads: [1, 0] }, [1, 1, 0, 1, 0]],
    // Windows 0…2, 2…4, 4…6, the last reaching over the border.
    ['of a window cut by the border', 6, { kernel_shape: [3], strides: [2], ceil_mode: 1 }, [0, 1, 0, 1, 0, 1]],
    // Windows 0…4 and 4…8 of six values: the second one's centre is beyond them.
    ['beyond the border', 6, { kernel_shape: [5], strides: [4], ceil_mode: 1 }, [0, 0, 1, 0, 0, 1]],
    // Windows {0, 2, 4}, {1, 3, 5}.
    ['dilated', 6, { kernel_shape: [3], dilations: [2] }, [0, 0, 1, 1, 0, 0]],
  ])('%s', async (_, size, attributes, expected) => {
    const rule = backwardRule('deconvnet', { switches: 'none' });
    expect(await backward(pool(attributes), line(size), rule)).toEqual(expected);
  });

  it('along both axes, whatever the values', async () => {
    const x = float32([9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9], [1, 1, 3, 4]);
    const network = (b: GraphBuilder, name: string) => {
      const pooled = b.add('MaxPool', [name], { kernel_shape: [3, 2], strides: [1, 2] });
      return b.add('Mul', [pooled, b.floats('w', [2, 5], [1, 1, 1, 2])]);
    };
    const centred = await backward(network, x, backwardRule('guided', { switches: 'none' }));
    expect(centred).toEqual([0, 0, 0, 0, 2, 0, 5, 0, 0, 0, 0, 0]);
  });
});
