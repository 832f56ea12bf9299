import { beforeAll, describe, expect, it } from 'vitest';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { openModel } from '../../../src/core/formats/index.ts';
import { parseRule } from '../../../src/core/graph/rules/index.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { Model } from '../../../src/core/model.ts';
import { GRADIENT, gradientProgram, VALUE } from '../../../src/core/optimization/program.ts';
import { scoreTensor } from '../../../src/core/scores.ts';
import { oneUnit } from '../../../src/core/visualizers/class-objectives.ts';
import { hasShared, needsShared, SQUEEZENET } from '../../support/shared.ts';

const SIZE = 227;
const image = float32(
  Float32Array.from({ length: 3 * SIZE * SIZE }, (_, i) => 100 * Math.sin(0.037 * i) * Math.cos(0.0011 * i)),
  [1, 3, SIZE, SIZE],
);
const PLACES = [
  [0, 60, 60],
  [1, 113, 113],
  [2, 40, 180],
  [0, 200, 100],
] as const;

/**
 * In 64 bits by captum 0.9 (`GuidedBackprop`, `Deconvolution`) and zennit 0.5.1 (`Epsilon(1e-9)`, `AlphaBeta`, `ZPlus` without biases,
 * `Pass` for activations, `Norm` for the average) on PyTorch: Σ, Σ|·|, and the values at `PLACES`. Of class 127, the
 * predicted one, or of the mean of channel 7 of fire5. (From any class DeconvNet is zero here: at fire7's squeeze all is negative.)
 */
const REFERENCES = [
  ['guided', '', 0.6708878, 13.8172619, [-2.762141e-5, -2.851193e-5, -4.862689e-6, -3.858029e-5]],
  ['guided', 'fire5/concat', 0.5273349, 12.0712869, [-1.7066099e-4, 2.8784064e-6, 0, 0]],
  ['deconvnet', 'fire5/concat', -15.2882658, 106.5114998, [3.637975e-4, 9.16322e-5, -7.838687e-4, 2.98755e-4]],
  ['lrp-epsilon,epsilon=1e-7', '', 2.446608, 382.2617457, [-1.1541895e-3, 1.7819342e-3, -4.2136113e-3, 6.805433e-4]],
  ['lrp-alpha-beta', '', 2.8114551, 14.128984, [9.643668e-5, 8.417641e-5, 4.48881e-5, 1.3234447e-5]],
  ['lrp-alpha-beta,alpha=1', '', 2.7437725, 2.7437725, [1.8324146e-5, 1.7337668e-5, 1.5433766e-5, 7.54612e-6]],
  ['z-plus', '', 2.7620192, 2.7620192, [1.844179e-5, 1.7454801e-5, 1.5575028e-5, 7.586186e-6]],
] as const;

describe.skipIf(!hasShared)(`rules on SqueezeNet, as other programs have them${needsShared}`, () => {
  let model: Model;
  beforeAll(async () => {
    model = await openModel(SQUEEZENET);
  });

  it.each(REFERENCES)('%s %s', async (rule, layer, sum, magnitude, values) => {
    const tensor = layer ? model.layers.find(({ name }) => name === layer)!.output : scoreTensor(model);
    const input = model.inputs[0]!.name;
    const graph = gradientProgram(model.graph, oneUnit(tensor, layer ? 7 : 127), { input, rule: parseRule(rule) });
    const program = await (await createOnnxRuntime()).compile(graph);
    const found = await program.run({ [input]: image });
    await program.dispose();
    const map = found[GRADIENT]!.data as Float32Array;
    const total = map.reduce((all, value) => all + Math.abs(value), 0);
    expect(Math.abs(total - magnitude) / magnitude).toBeLessThan(2e-3);
    const ours = map.reduce((all, value) => all + value, 0);
    expect(Math.abs(ours - sum) / magnitude).toBeLessThan(2e-4);
    const largest = map.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    PLACES.forEach(([channel, row, column], i) => {
      const value = map[(channel * SIZE + row) * SIZE + column]!;
      expect(Math.abs(value - values[i]!) / largest).toBeLessThan(1e-4);
    });
    // z⁺ keeps all of the score.
    if (rule === 'z-plus') expect(ours).toBeCloseTo((found[VALUE]!.data as Float32Array)[0]!, 4);
  });
});
