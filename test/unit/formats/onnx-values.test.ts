import { expect, test } from 'vitest';
import { elementwise } from '../../../src/core/formats/onnx/elementwise.ts';
import { toValue } from '../../../src/core/formats/onnx/values.ts';
import { int64 } from '../../../src/core/graph/tensor.ts';

test('A constant is read once, however many values an operator takes from it.', () => {
  let reads = 0;
  const stored = int64([1, 2, 3, 4]);
  const counted = {
    ...stored,
    get data() {
      reads++;
      return stored.data;
    },
  };
  const sum = elementwise('Add', [toValue(counted), toValue(int64([10]))]);
  expect(sum?.items).toEqual([11, 12, 13, 14]);
  expect(reads).toBe(1);
});
