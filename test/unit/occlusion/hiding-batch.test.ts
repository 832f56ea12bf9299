import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../support/properties.ts';
import { HidingBatch } from '../../../src/core/occlusion/hiding-batch.ts';
import { placeWindows } from '../../../src/core/occlusion/windows.ts';

const [channels, height, width] = [2, 5, 6] as const;
const windows = placeWindows(height, width, { window: 3, stride: 2, border: 'cut' });
const size = channels * height * width;
const data = Float32Array.from({ length: 2 * size }, (_, i) => i + 1);
const cover = data.map((value) => -value);

function hidden(image: number, window: number): number[] {
  const copy = [...data.subarray(image * size, (image + 1) * size)];
  if (window < 0) return copy;
  const top = windows.rows[Math.floor(window / windows.columns.length)]!;
  const left = windows.columns[window % windows.columns.length]!;
  return copy.map((value, i) => {
    const [y, x] = [Math.floor(i / width) % height, i % width];
    return y >= top && y < top + 3 && x >= left && x < left + 3 ? -value : value;
  });
}

describe('copies of a picture with a window hidden', () => {
  it('are right whatever stood there before', () => {
    const window = fc.integer({ min: -1, max: windows.rows.length * windows.columns.length - 1 });
    const call = fc.record({ image: fc.constantFrom(0, 1), list: fc.array(window, { minLength: 1, maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 8 }), (calls) => {
        const batch = new HidingBatch({ data, cover, channels, windows }, 3);
        for (const { image, list } of calls)
          expect([...batch.hide(image, list)]).toEqual(list.flatMap((each) => hidden(image, each)));
      }),
    );
  });
});
