import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VISUALIZERS } from '../../../src/core/visualizers/index.ts';
import { flag, integer, oneOf, real } from '../../../src/core/visualizers/parameters.ts';
import { parameterValues, showParameter } from '../../../src/core/visualizers/values.ts';

const parameters = {
  steps: integer({ default: 50, min: 1, max: 100, unit: 'steps', help: '' }),
  rate: real({ default: 0.5, min: 0, max: 1, help: '' }),
  start: oneOf(['noise', 'zero'], ''),
  relu: flag(true, ''),
};
const values = (given: Record<string, unknown>) => parameterValues('method', parameters, given);

describe('parameterValues', () => {
  it('are the defaults where nothing is given', () => {
    expect(values({})).toEqual({ steps: 50, rate: 0.5, start: 'noise', relu: true });
  });

  it('read text as the type says', () => {
    expect(values({ steps: '7', rate: '1e-3', start: 'zero', relu: 'false' })).toEqual({
      steps: 7,
      rate: 0.001,
      start: 'zero',
      relu: false,
    });
  });

  it.each([
    ['steps', '0'],
    ['steps', '101'],
    ['steps', '2.5'],
    ['steps', ''],
    ['steps', 'many'],
    ['steps', Number.NaN],
    ['rate', -0.1],
    ['rate', 'Infinity'],
    ['start', 'Zero'],
    ['start', 1],
    ['relu', 'yes'],
    ['relu', 1],
  ])('%s = %j is refused, with what is allowed', (name, value) => {
    expect(() => values({ [name]: value })).toThrow(
      `Allowed: ${showParameter(name, parameters[name as keyof typeof parameters])}.`,
    );
  });

  it('an unknown name is refused, with the nearest and all that there are', () => {
    expect(() => values({ stepz: 3 })).toThrow(
      "method has no parameter 'stepz'. The nearest is 'steps'. " +
        'It takes: steps = 1 to 100 steps, whole; rate = 0 to 1; start = noise | zero; relu = true | false.',
    );
    expect(() => parameterValues('method', {}, { steps: 1 })).toThrow("method has no parameters: there is no 'steps'.");
  });

  it('names that every object has are not parameters', () => {
    for (const name of ['constructor', 'toString', '__proto__x']) expect(() => values({ [name]: 1 })).toThrow(name);
  });

  it('are within their range whatever is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null)), (given) => {
        try {
          const { steps } = values({ steps: given }) as { steps: number };
          expect(Number.isInteger(steps) && steps >= 1 && steps <= 100).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ kind: 'usage' });
        }
      }),
    );
  });
});

describe('every method', () => {
  it.each(VISUALIZERS.map((method) => [method.id, method] as const))('%s says what it is', (id, method) => {
    expect(id).toMatch(/^[a-z-]+$/);
    for (const text of [method.title, method.description, method.source]) expect(text.length).toBeGreaterThan(2);
    const defaults = parameterValues(id, method.params);
    expect(parameterValues(id, method.params, defaults)).toEqual(defaults);
    for (const parameter of Object.values(method.params)) expect(parameter.help).toMatch(/\.$/);
  });

  it('has a name of its own', () => {
    const ids = VISUALIZERS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
