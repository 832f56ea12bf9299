import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/core/nearest.ts';

describe('nearest', () => {
  const names = ['conv1', 'fire2/squeeze1x1', 'fire2/expand1x1', 'fire3/squeeze1x1', 'softmax'];

  it('finds mistyped names', () => {
    expect(nearest('conv2', names)[0]).toBe('conv1');
    expect(nearest('fire2/sqeeze1x1', names)[0]).toBe('fire2/squeeze1x1');
  });

  it('finds names that contain what was given, however separated', () => {
    expect(nearest('squeeze', names, 2).toSorted()).toEqual(['fire2/squeeze1x1', 'fire3/squeeze1x1']);
    expect(nearest('fire2_expand1x1', names)[0]).toBe('fire2/expand1x1');
  });
});
