import { describe, expect, it } from 'vitest';
import { showTime, TimeLeft } from '../../../src/core/time-left.ts';

describe('the time that is left', () => {
  it('goes by how fast it has been, without what was there before and without pauses', () => {
    const left = new TimeLeft();
    expect(left.seconds({ done: 4, total: 10 }, 0)).toBeUndefined();
    expect(left.seconds({ done: 5, total: 10 }, 1900)).toBeUndefined();
    expect(left.seconds({ done: 5, total: 10 }, 2000)).toBe(10);
    left.pause(true, 2000);
    left.pause(true, 60_000);
    left.pause(false, 102_000);
    expect(left.seconds({ done: 6, total: 10 }, 104_000)).toBe(8);
  });

  it.each([
    [0, '1 s'],
    [41.2, '42 s'],
    [61, '2 min'],
    [3600, '1 h'],
    [3901, '1 h 6 min'],
  ])('%f s reads %s', (seconds, text) => expect(showTime(seconds)).toBe(text));
});
