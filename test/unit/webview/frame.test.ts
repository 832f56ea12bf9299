import { describe, expect, it } from 'vitest';
import { frameOf, WHOLE } from '../../../src/webview/logic/frame.ts';

const square = (size: number) => ({ width: size, height: size });

describe('where a map lies over the picture', () => {
  it('with padding it fills it', () => {
    expect(frameOf(square(28), square(14), [2, 2])).toEqual(WHOLE);
  });

  it('without padding the border has no value', () => {
    const frame = frameOf(square(28), square(24), [1, 1]);
    expect(frame.left * 28).toBeCloseTo(2);
    expect((frame.left + frame.width) * 28).toBeCloseTo(26);
  });

  it('the first value of a 7×7 window with stride 2 is centred on the window’s middle pixel', () => {
    const frame = frameOf(square(227), square(111), [2, 2]);
    expect(frame.left * 227 + 1).toBeCloseTo(3.5);
  });

  it('each axis by itself; where the stride is not known the map is stretched', () => {
    const wide = frameOf({ width: 40, height: 20 }, { width: 18, height: 10 }, [2, 2]);
    expect(wide.left).toBeCloseTo(0.05);
    expect(wide).toMatchObject({ top: 0, width: 0.9, height: 1 });
    expect(frameOf(square(28), square(1), [0, 0])).toEqual(WHOLE);
    expect(frameOf(square(28), square(24), undefined)).toEqual(WHOLE);
  });
});
