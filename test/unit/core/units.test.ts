import { describe, expect, it } from 'vitest';
import { parseUnits } from '../../../src/core/units.ts';

const MAPS = [-1, 12, 5, 7];
const DENSE = [-1, 12];
const channels = (text: string, shape: readonly number[]) =>
  parseUnits(text, shape, 'conv').map(({ channel }) => channel);

describe('parseUnits', () => {
  it.each([
    ['3', [3]],
    ['3-6', [3, 4, 5, 6]],
    ['3,7', [3, 7]],
    ['3,7,9-', [3, 7, 9, 10, 11]],
    ['1,3-4,2,0', [1, 3, 4, 2, 0]],
    [' 3 , 7 ', [3, 7]],
  ])('%s is channels', (text, expected) => {
    expect(channels(text, MAPS)).toEqual(expected);
  });

  it('three plain numbers are a position of a map, three units of a dense layer', () => {
    expect(parseUnits('3,4,6', MAPS, 'conv')).toEqual([{ channel: 3, position: { y: 4, x: 6 } }]);
    expect(channels('3,4,6', DENSE)).toEqual([3, 4, 6]);
  });

  it.each([
    ['12', "Layer 'conv' has 12 channels, 0 to 11: there is no 12."],
    ['4-12', "Layer 'conv' has 12 channels, 0 to 11: there is no 12."],
    ['12,0,0', "Layer 'conv' has 12 channels, 0 to 11: there is no channel 12."],
    ['3,5,0', "The maps of layer 'conv' are 5×7: there is no position 5,0 (y,x)."],
    ['9-3', "--unit '9-3' counts backwards: write the smaller number first."],
    ['all', "--unit 'all' is not C, C,Y,X, a range as 3-11, or several as 3,7."],
    ['-1', "--unit '-1' is not C, C,Y,X, a range as 3-11, or several as 3,7."],
    ['', "--unit '' is not C, C,Y,X, a range as 3-11, or several as 3,7."],
  ])("'%s' is refused", (text, message) => {
    expect(() => parseUnits(text, MAPS, 'conv')).toThrow(message);
  });
});
