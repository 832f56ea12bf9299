import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/core/engines/engine.ts';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { differentiate } from '../../../src/core/graph/autodiff.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { OPERATORS } from '../../../src/core/graph/operators/index.ts';
import { prune } from '../../../src/core/graph/passes.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { FORWARD_CASES } from '../../support/forward-cases.ts';
import { disagreement } from '../../support/agreement.ts';
import { COMPARED_ENGINES } from '../../support/engines.ts';
import { distinct } from '../../support/finite-differences.ts';
import { caseInput, GRADIENT_CASES, writeCase, type OperatorCase } from '../../support/operator-cases.ts';

const TOLERANCE = 1e-4;

/** The operator's output and, where it has one, the gradient of its sum with random weights. */
function programOf(given: OperatorCase, withGradient: boolean) {
  const builder = new GraphBuilder();
  const x = builder.input('x', [-1, ...given.shape.slice(1)]);
  const y = writeCase(given, builder, x);
  if (!withGradient) return builder.graph([y]);
  const shapes = inferShapes(builder.graph());
  const weights = distinct(
    shapes.get(y)!.map((size) => (size === -1 ? 1 : size)),
    7,
  );
  const weighted = builder.add('Mul', [y, builder.constant('weights', weights)]);
  const gradient = differentiate(builder, inferShapes(builder.graph()), weighted, [x]).get(x)!;
  return prune(builder.graph(), [y, gradient]);
}

describe.each(COMPARED_ENGINES)('$name runs as ONNX Runtime does', ({ create }) => {
  let engine: Engine;
  let reference: Engine;
  beforeAll(async () => {
    [engine, reference] = [await create(), await createOnnxRuntime()];
  });

  it.each(GRADIENT_CASES)('$op $says, and its gradient', async (given) => {
    const graph = programOf(given, true);
    expect(await disagreement(engine, reference, graph, { x: caseInput(given) })).toBeLessThan(TOLERANCE);
  });

  it.each(FORWARD_CASES)('$op $says', async (given) => {
    const graph = programOf(given, false);
    expect(await disagreement(engine, reference, graph, { x: caseInput(given) })).toBeLessThan(TOLERANCE);
  });
});

it('every operator is compared', () => {
  const compared = new Set([...GRADIENT_CASES, ...FORWARD_CASES].map(({ op }) => op));
  expect(Object.keys(OPERATORS).filter((op) => !compared.has(op))).toEqual([]);
});
