import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from '../../../src/core/stimuli/pace.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** Milliseconds at which pictures are made that take so long each, asked for every ten. */
function times(pace: Pace, each: number, until: number): number[] {
  const made: number[] = [];
  const start = performance.now();
  while (performance.now() - start < until) {
    pace.picture(() => {
      made.push(performance.now() - start);
      vi.advanceTimersByTime(each);
    });
    vi.advanceTimersByTime(10);
  }
  return made;
}

it('pictures come so often, the first one when it is said', () => {
  expect(times(new Pace(100), 0, 350)).toEqual([100, 200, 300]);
  expect(times(new Pace(100, 0), 0, 250)).toEqual([0, 100, 200]);
});

it('what takes long comes less often: a tenth of the time is for pictures', () => {
  expect(times(new Pace(100, 0), 50, 1100)).toEqual([0, 500, 1000]);
});
