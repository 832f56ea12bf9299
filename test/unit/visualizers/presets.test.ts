import { describe, expect, it } from 'vitest';
import { VISUALIZERS } from '../../../src/core/visualizers/index.ts';
import { parameterValues } from '../../../src/core/visualizers/values.ts';

const presets = VISUALIZERS.flatMap(({ id, params, presets: own = [] }) =>
  own.map(({ name, params: values }) => ({ id, name, params, values })),
);

describe('presets', () => {
  it('are there', () => {
    const named = presets.map(({ id, name }) => `${id} ${name}`);
    expect(named).toEqual(expect.arrayContaining(['yosinski edges', 'yosinski contribution']));
    expect(new Set(named).size).toBe(named.length);
  });

  it.each(presets)('$id, $name: parameters that there are, with values that they take', ({ id, params, values }) => {
    expect(Object.keys(values)).not.toHaveLength(0);
    expect(parameterValues(id, params, values)).toMatchObject(values);
  });
});

describe('pictures of a unit', () => {
  const counts = VISUALIZERS.flatMap(({ id, params, perUnit = [] }) => perUnit.map((one) => ({ id, params, ...one })));

  it.each(counts)('$id: $count is a number, or a parameter that is one', ({ id, params, count, when = {} }) => {
    if (typeof count === 'string') expect(params[count]).toMatchObject({ type: 'integer' });
    else expect(count).toBeGreaterThan(1);
    expect(parameterValues(id, params, when)).toMatchObject(when);
  });
});
