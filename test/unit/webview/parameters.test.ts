import { describe, expect, it } from 'vitest';
import { describeMethod, VISUALIZERS } from '../../../src/core/visualizers/index.ts';
import { integer, real } from '../../../src/core/visualizers/parameters.ts';
import { labelOf, numberLabel, numberText, numberTyped, valueText } from '../../../src/webview/logic/fields.ts';
import { withMember } from '../../../src/webview/logic/methods.ts';

const METHODS = VISUALIZERS.map(describeMethod);

it('a member of a list is put in, or taken out, in the declared order; the last one stays', () => {
  const all = ['deletion', 'insertion', 'infidelity'];
  expect(withMember('infidelity', all, 'deletion', true)).toBe('deletion,infidelity');
  expect(withMember('deletion,insertion', all, 'deletion', false)).toBe('insertion');
  expect(withMember('insertion', all, 'insertion', false)).toBe('insertion');
});

describe('what stands in a form', () => {
  const size = integer({ default: 0, min: 0, max: 1024, unit: 'px', label: 'Side', zero: 'automatic', help: '' });
  const decay = real({ default: 1, min: 0, max: 3, help: '' });

  it('a 0 that stands for something is said in a word, and an empty field is that', () => {
    expect(numberText(0, size)).toBe('');
    expect(numberText(64, size)).toBe('64');
    expect(numberText(0, decay)).toBe('0');
    expect(['', ' automatic ', '0', '64', 'large'].map((text) => numberTyped(text, size))).toEqual([
      0,
      0,
      0,
      64,
      undefined,
    ]);
    expect(numberTyped('', decay)).toBeUndefined();
    expect(valueText(0, size)).toBe('automatic');
    expect(valueText(0, decay)).toBe('0');
  });

  it('parameters have the labels that they declare, and a screen reader hears the range too', () => {
    expect(labelOf('size', size)).toBe('Side');
    expect(labelOf('blur-every', decay)).toBe('Blur every');
    expect(numberLabel('size', size)).toBe('Side, 0 to 1024 px; empty: automatic');
    expect(numberLabel('decay', decay)).toBe('Decay, 0 to 3');
  });

  it.each(METHODS.map((method) => [method.id, method] as const))(
    '%s: no two parameters look the same, none is cryptic',
    (_, { params }) => {
      const labels = Object.entries(params).map(([name, parameter]) => labelOf(name, parameter));
      expect(new Set(labels).size).toBe(labels.length);
      for (const label of labels) expect(label).toMatch(/^.{4,26}$|^[εα]$/u);
      for (const parameter of Object.values(params))
        if (/[;.] 0: /.test(parameter.help)) expect(parameter).toHaveProperty('zero');
    },
  );
});
