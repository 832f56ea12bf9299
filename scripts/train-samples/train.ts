import { chooseEngine } from '../../src/core/engines/choose.ts';
import type { Executable } from '../../src/core/engines/engine.ts';
import { float32, type Tensor } from '../../src/core/graph/tensor.ts';
import { PIXELS, SIDE, vary, type Digit } from './digits.ts';
import { INPUT, initialWeights, trainedGraph, type Weights } from './network.ts';
import { randomNumbers, shuffle } from './random.ts';
import { TARGETS, trainingGraph, type TrainingGraph } from './training-graph.ts';

const BATCH_SIZE = 50;

export interface Recipe {
  readonly seed: number;
  readonly epochs: number;
  readonly rate: number;
  readonly weightDecay: number;
  /** Standard deviation of the noise on the training images. */
  readonly noise: number;
  /**
   * Length of the step by which each training image is first moved where the loss grows fastest; 0: none. Networks that
   * withstand it have gradients that people recognise: their preferred stimuli are strokes and digits, not noise
   * (Tsipras et al. 2019; Engstrom et al. 2019).
   */
  readonly attack: number;
}

/** Adam (Kingma & Ba 2015) with decoupled weight decay and a rate that falls to zero along a cosine. */
export async function train(
  digits: readonly Digit[],
  recipe: Recipe,
  report: (line: string) => void,
): Promise<Weights> {
  const random = randomNumbers(recipe.seed);
  const weights = initialWeights(random);
  const program = trainingGraph(weights, BATCH_SIZE);
  const executable = await (await chooseEngine()).compile(program.graph);
  const optimizer = adam(weights, recipe.weightDecay);
  const order = digits.map((_, i) => i);
  const batches = Math.floor(digits.length / BATCH_SIZE);
  for (let epoch = 0; epoch < recipe.epochs; epoch++) {
    shuffle(order, random);
    let total = 0;
    for (let batch = 0; batch < batches; batch++) {
      const chosen = order.slice(batch * BATCH_SIZE, (batch + 1) * BATCH_SIZE).map((i) => digits[i]!);
      const images = new Float32Array(BATCH_SIZE * PIXELS);
      chosen.forEach((digit, i) => images.set(vary(digit.pixels, random, recipe.noise), i * PIXELS));
      const feeds = { ...Object.fromEntries(weights), ...batchFeeds(images, chosen) };
      const progress = (epoch + batch / batches) / recipe.epochs;
      // Slowly at first: units that an early attack silences would stay dead.
      const length = recipe.attack * Math.min(1, 2 * progress) * random();
      if (length > 0) await attack(executable, program, feeds, images, length);
      const results = await executable.run(feeds);
      total += (results[program.loss]!.data as Float32Array).reduce((sum, loss) => sum + loss, 0);
      const rate = (recipe.rate * (1 + Math.cos(Math.PI * progress))) / 2;
      optimizer.step((name) => results[program.weightGradients.get(name)!]!.data as Float32Array, rate);
      centreKernels(weights.get('conv1/kernel')!);
    }
    report(`epoch ${epoch + 1} of ${recipe.epochs}: loss ${(total / (batches * BATCH_SIZE)).toFixed(4)}`);
  }
  await executable.dispose();
  return weights;
}

/** The share of digits that the network names rightly. */
export async function accuracy(weights: Weights, digits: readonly Digit[]): Promise<number> {
  const graph = trainedGraph(weights);
  const executable = await (await chooseEngine()).compile(graph);
  const images = new Float32Array(digits.length * PIXELS);
  digits.forEach(({ pixels }, i) => images.set(pixels, i * PIXELS));
  const results = await executable.run({ [INPUT]: float32(images, [digits.length, 1, SIDE, SIDE]) });
  await executable.dispose();
  const probabilities = results[graph.outputs[0]!]!.data as Float32Array;
  const right = digits.filter(({ label }, i) => {
    const row = probabilities.subarray(i * 10, (i + 1) * 10);
    return row.every((p) => p <= row[label]!);
  });
  return right.length / digits.length;
}

function batchFeeds(images: Float32Array, digits: readonly Digit[]) {
  const targets = new Float32Array(digits.length * 10);
  digits.forEach(({ label }, i) => (targets[i * 10 + label] = 1));
  return {
    [INPUT]: float32(images, [digits.length, 1, SIDE, SIDE]),
    [TARGETS]: float32(targets, [digits.length, 10]),
  };
}

/** Moves each image by `length` along its gradient, in two steps, in place. */
async function attack(
  executable: Executable,
  program: TrainingGraph,
  feeds: Parameters<Executable['run']>[0],
  images: Float32Array,
  length: number,
): Promise<void> {
  const STEPS = 2;
  for (let step = 0; step < STEPS; step++) {
    const { [program.imageGradient]: gradient } = await executable.run(feeds, [program.imageGradient]);
    for (let i = 0; i < images.length; i += PIXELS) {
      const direction = (gradient!.data as Float32Array).subarray(i, i + PIXELS);
      const norm = Math.sqrt(direction.reduce((sum, g) => sum + g * g, 0)) + 1e-12;
      for (let p = 0; p < PIXELS; p++)
        images[i + p] = Math.min(1, Math.max(0, images[i + p]! + ((length / STEPS) * direction[p]!) / norm));
    }
  }
}

/** Makes each kernel's weights sum to zero: the first layer's units then see edges and strokes, not brightness. */
function centreKernels({ data, shape }: Tensor<'float32'>): void {
  const size = data.length / shape[0]!;
  for (let from = 0; from < data.length; from += size) {
    const kernel = data.subarray(from, from + size);
    const mean = kernel.reduce((sum, weight) => sum + weight, 0) / size;
    kernel.forEach((weight, i) => (kernel[i] = weight - mean));
  }
}

function adam(weights: Weights, weightDecay: number) {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
  const moments = new Map(
    [...weights].map(([name, { data }]) => [
      name,
      { m: new Float32Array(data.length), v: new Float32Array(data.length) },
    ]),
  );
  let time = 0;
  return {
    step(gradientOf: (name: string) => Float32Array, rate: number) {
      time++;
      const corrected = (rate * Math.sqrt(1 - beta2 ** time)) / (1 - beta1 ** time);
      for (const [name, { data }] of weights) {
        const { m, v } = moments.get(name)!;
        const gradient = gradientOf(name);
        const decay = name.endsWith('/kernel') ? rate * weightDecay : 0;
        for (let i = 0; i < data.length; i++) {
          const g = gradient[i]! / BATCH_SIZE;
          m[i] = beta1 * m[i]! + (1 - beta1) * g;
          v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
          data[i] = data[i]! - (corrected * m[i]!) / (Math.sqrt(v[i]!) + epsilon) - decay * data[i]!;
        }
      }
    },
  };
}
