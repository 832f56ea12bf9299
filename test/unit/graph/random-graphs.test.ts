import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { differentiate } from '../../../src/core/graph/autodiff.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { prune } from '../../../src/core/graph/passes.ts';
import { backwardRule, parseRule, type BackwardRule } from '../../../src/core/graph/rules/index.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { ALL, HOMOGENEOUS, recipeImage, recipes, writeRecipe, type Recipe } from '../../support/random-graphs.ts';

const STEP = 2e-3;

/** A random network's value, and what a rule sends back to its images. */
async function compiled(recipe: Recipe, rule: BackwardRule) {
  const builder = new GraphBuilder();
  const x = builder.input('x', [-1, ...recipe.shape]);
  const value = writeRecipe(builder, x, recipe);
  const back = differentiate(builder, inferShapes(builder.graph()), value, [x], rule).get(x)!;
  const program = await (await createOnnxRuntime()).compile(prune(builder.graph(), [value, back]));
  const run = async (images: Float32Array, wanted: string) => {
    const found = await program.run({ x: float32(images, [images.length / size(recipe), ...recipe.shape]) }, [wanted]);
    return found[wanted]!.data as Float32Array;
  };
  return {
    values: (images: Float32Array) => run(images, value),
    back: (images: Float32Array) => run(images, back),
    dispose: () => program.dispose(),
  };
}

const size = ({ shape }: Recipe) => shape[0] * shape[1] * shape[2];

describe('autodiff over random networks', () => {
  let compared = 0;
  let all = 0;

  it('agrees with central differences, wherever no kink lies within the step', async () => {
    await fc.assert(
      fc.asyncProperty(recipes(ALL), async (recipe) => {
        const network = await compiled(recipe, backwardRule('gradient'));
        const image = recipeImage(recipe);
        const gradient = await network.back(image.data);
        const count = size(recipe);
        // One batch: the image, and each of its values a step up and a step down.
        const images = new Float32Array((2 * count + 1) * count);
        for (let i = 0; i <= 2 * count; i++) images.set(image.data, i * count);
        for (let i = 0; i < count; i++) {
          images[(1 + 2 * i) * count + i]! += STEP;
          images[(2 + 2 * i) * count + i]! -= STEP;
        }
        const values = await network.values(images);
        await network.dispose();
        const up = Array.from({ length: count }, (_, i) => (values[1 + 2 * i]! - values[0]!) / STEP);
        const down = Array.from({ length: count }, (_, i) => (values[0]! - values[2 + 2 * i]!) / STEP);
        const scale = Math.max(...up.map(Math.abs), ...down.map(Math.abs), Math.abs(values[0]!), 0.05);
        for (let i = 0; i < count; i++) {
          all++;
          if (Math.abs(up[i]! - down[i]!) > 0.01 * scale) continue;
          compared++;
          expect(Math.abs((up[i]! + down[i]!) / 2 - gradient[i]!)).toBeLessThan(0.01 * scale);
        }
      }),
    );
    expect(compared / all).toBeGreaterThan(0.9);
  }, 300_000);
});

describe('relevance over random networks of rectified convolutions without biases', () => {
  it('by LRP-0 is gradient times input, by z⁺ it adds up to the score', async () => {
    await fc.assert(
      fc.asyncProperty(recipes(HOMOGENEOUS), async (recipe) => {
        const { data } = recipeImage(recipe);
        const results = ['gradient', 'lrp-epsilon,epsilon=0', 'z-plus'].map(async (rule) => {
          const network = await compiled(recipe, parseRule(rule));
          const [back, [score]] = [await network.back(data), await network.values(data)];
          await network.dispose();
          return { back, score: score! };
        });
        const [gradient, relevance, positive] = await Promise.all(results);
        const product = gradient!.back.map((value, i) => value * data[i]!);
        // What stabilises a division tells where contributions cancel each other: few values, by little.
        const apart = product.reduce((sum, value, i) => sum + Math.abs(relevance!.back[i]! - value), 0);
        expect(apart).toBeLessThan(1e-2 * product.reduce((sum, value) => sum + Math.abs(value), 1e-2));
        const total = positive!.back.reduce((sum, value) => sum + value, 0);
        const magnitude = positive!.back.reduce((sum, value) => sum + Math.abs(value), 1e-2);
        expect(Math.abs(total - positive!.score)).toBeLessThan(1e-3 * magnitude);
      }),
    );
  }, 300_000);
});
