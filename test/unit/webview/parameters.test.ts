import { expect, it } from 'vitest';
import { withMember } from '../../../src/webview/logic/methods.ts';

it('a member of a list is put in, or taken out, in the declared order; the last one stays', () => {
  const all = ['deletion', 'insertion', 'infidelity'];
  expect(withMember('infidelity', all, 'deletion', true)).toBe('deletion,infidelity');
  expect(withMember('deletion,insertion', all, 'deletion', false)).toBe('insertion');
  expect(withMember('insertion', all, 'insertion', false)).toBe('insertion');
});
