import { describe, expect, it } from 'vitest';
import type { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { flat } from '../../../src/core/graph/operators/common.ts';
import { OPERATORS } from '../../../src/core/graph/operators/index.ts';
import { gradientError } from '../../support/finite-differences.ts';
import { FORWARD_CASES } from '../../support/forward-cases.ts';
import { caseInput, GRADIENT_CASES, writeCase } from '../../support/operator-cases.ts';

/** Operators whose output does not change with small changes of what they take. */
const FLAT_CASES = FORWARD_CASES.filter(({ op }) => OPERATORS[op]!.gradient === flat);

describe('gradients against finite differences', () => {
  it.each(GRADIENT_CASES)('$op $says', async (given) => {
    const { error } = await gradientError((b, x) => writeCase(given, b, x), caseInput(given), { step: 2e-3 });
    expect(error).toBeLessThan(3e-3);
  });

  it.each(FLAT_CASES)('$op $says: none, the other way counts', async (given) => {
    const beside = (b: GraphBuilder, x: string) => {
      const jumps = b.add('ReduceSum', [b.add('Cast', [writeCase(given, b, x)], { to: 1 })], { keepdims: 0 });
      return b.add('Add', [b.add('Mul', [x, b.scalar(3)]), jumps]);
    };
    const { gradient, error } = await gradientError(beside, caseInput(given), { step: 2e-3 });
    expect(error).toBeLessThan(3e-3);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });

  it('cover every operator that has a gradient', () => {
    const tested = new Set([...GRADIENT_CASES, ...FLAT_CASES].map(({ op }) => op));
    const missing = Object.entries(OPERATORS).filter(([op, { gradient }]) => gradient && !tested.has(op));
    expect(missing.map(([op]) => op)).toEqual([]);
  });
});
