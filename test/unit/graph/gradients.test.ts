import { describe, expect, it } from 'vitest';
import { OPERATORS } from '../../../src/core/graph/operators/index.ts';
import { gradientError } from '../../support/finite-differences.ts';
import { caseInput, GRADIENT_CASES, writeCase } from '../../support/operator-cases.ts';

describe('gradients against finite differences', () => {
  it.each(GRADIENT_CASES)('$op $says', async (given) => {
    const { error } = await gradientError((b, x) => writeCase(given, b, x), caseInput(given), { step: 2e-3 });
    expect(error).toBeLessThan(3e-3);
  });

  it('cover every operator that has a gradient', () => {
    const tested = new Set(GRADIENT_CASES.map(({ op }) => op));
    const missing = Object.entries(OPERATORS).filter(([op, { gradient }]) => gradient && !tested.has(op));
    expect(missing.map(([op]) => op)).toEqual([]);
  });
});
