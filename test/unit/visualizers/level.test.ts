import { describe, expect, it } from 'vitest';
import { level } from '../../../src/core/visualizers/parameters.ts';
import { parameterValues, showParameter } from '../../../src/core/visualizers/values.ts';
import { levelOf } from '../../../src/webview/logic/level.ts';

const baseline = level(['zero', 'mean'], 'What it is set against.');

describe('a parameter that is a name or a number', () => {
  it.each([
    ['mean', 'mean'],
    ['-1.5', -1.5],
    [7, 7],
    [undefined, 'zero'],
  ])('takes %s', (given, expected) => {
    expect(parameterValues('m', { baseline }, { baseline: given })).toEqual({ baseline: expected });
  });

  it.each(['black', '', 'NaN', 1e9, true])('refuses %s and says what it takes', (given) => {
    expect(() => parameterValues('m', { baseline }, { baseline: given })).toThrow('zero | mean | a number');
    expect(showParameter('baseline', baseline)).toBe('baseline = zero | mean | a number');
  });

  it('is read from the form', () => {
    expect(levelOf(' Mean ', baseline)).toBe('mean');
    expect(levelOf('0,5', baseline)).toBe(0.5);
    expect(levelOf('grey', baseline)).toBe('zero');
  });
});
