import { expect, it } from 'vitest';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { gramNearness } from '../../../src/core/optimization/objectives.ts';
import { GRADIENT, gradientProgram, VALUE } from '../../../src/core/optimization/program.ts';

/** Maps 1×2×1×2 that are the input doubled. */
function doubled() {
  const builder = new GraphBuilder();
  const image = builder.input('image', [BATCH, 2, 1, 2]);
  return builder.graph([builder.add('Mul', [image, builder.scalar(2)], {}, 'maps')]);
}

it('the nearness of Gram matrices and its gradient, by hand', async () => {
  const objective = gramNearness('maps', 'target', 'scale');
  const program = await (await createOnnxRuntime()).compile(gradientProgram(doubled(), objective, { input: 'image' }));
  const found = await program.run({
    image: float32([0.5, 1, 1.5, 0], [1, 2, 1, 2]),
    target: float32([1, 0, 0, 2], [1, 2, 2]),
    scale: float32([10], [1]),
  });
  await program.dispose();
  // F = [1 2; 3 0], F Fᵀ / 4 = [1.25 0.75; 0.75 2.25]; less the target: M = [0.25 0.75; 0.75 0.25]; −10 · ΣM².
  expect(found[VALUE]!.data[0]).toBeCloseTo(-12.5, 4);
  // dF = −10 · 4 M F / 4 = −10 · [2.5 0.5; 1.5 1.5]; the input's is twice that.
  expect(Array.from(found[GRADIENT]!.data, Number)).toEqual([-50, -10, -30, -30]);
});
