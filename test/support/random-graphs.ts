import fc from 'fast-check';
import type { GraphBuilder } from '../../src/core/graph/builder.ts';
import { inferShapes } from '../../src/core/graph/shapes.ts';
import { elements, float32, type Tensor } from '../../src/core/graph/tensor.ts';
import { random } from './finite-differences.ts';

/** One step of a random network: what it does, with which of the maps that there are. Numbers count modulo what there is. */
interface Step {
  readonly kind: StepKind;
  readonly from: number;
  readonly other: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
  readonly channels: number;
  readonly choice: number;
}

export interface Recipe {
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly steps: readonly Step[];
  readonly seed: number;
}

interface Maps {
  readonly builder: GraphBuilder;
  readonly next: () => number;
  /** The shape of a map, without the batch. */
  readonly shapeOf: (map: string) => [channels: number, height: number, width: number];
  readonly all: readonly string[];
}

/** Values in −1…1, divided by what they are summed over, so that maps stay of the size of their inputs. */
const weights = ({ builder, next }: Maps, shape: readonly number[]): string => {
  const scale = 2 / Math.sqrt(elements(shape.slice(1)));
  return builder.floats(
    'weights',
    Float32Array.from({ length: elements(shape) }, () => (next() * 2 - 1) * scale),
    shape,
  );
};
const vector = ({ builder, next }: Maps, size: number, low: number, high: number) =>
  builder.floats(
    'vector',
    Float32Array.from({ length: size }, () => low + next() * (high - low)),
    [size],
  );

const window = (step: Step, [, height, width]: readonly number[]) => {
  const size = Math.min(step.kernel, height!, width!);
  const pad = Math.min(step.pad, Math.floor(size / 2));
  return { kernel_shape: [size, size], strides: [step.stride, step.stride], pads: [pad, pad, pad, pad] };
};
const partner = ({ all, shapeOf }: Maps, x: string, step: Step, fits: (shape: number[]) => boolean) => {
  const found = all.filter((map) => fits(shapeOf(map)));
  return found[step.other % found.length] ?? x;
};
const sameShape = (maps: Maps, x: string, step: Step) =>
  partner(maps, x, step, (shape) => shape.join() === maps.shapeOf(x).join());

type Write = (maps: Maps, x: string, step: Step) => string;

function convolve(maps: Maps, x: string, step: Step, biased: boolean): string {
  const shape = maps.shapeOf(x);
  const depthwise = step.choice % 3 === 0;
  const group = depthwise ? shape[0] : 1;
  const filters = depthwise ? shape[0] : step.channels;
  const attributes = { ...window(step, shape), group };
  const w = weights(maps, [filters, shape[0] / group, ...attributes.kernel_shape]);
  return maps.builder.add('Conv', [x, w, ...(biased ? [vector(maps, filters, -0.3, 0.3)] : [])], attributes);
}

const SMOOTH = ['Sigmoid', 'Tanh', 'Softplus'];
const RECTIFIERS = ['Relu', 'LeakyRelu', 'Elu', 'HardSwish'];

/** What every layer that shares out relevance without loss may be made of: no biases, convolutions rectified. */
export const HOMOGENEOUS = ['rectified', 'max-pool', 'average-pool', 'add', 'concat', 'resize'] as const;
const OTHERS = ['convolution', 'activation', 'multiply', 'normalise', 'attend', 'slice', 'dense'] as const;
export type StepKind = (typeof HOMOGENEOUS)[number] | (typeof OTHERS)[number];
export const ALL: readonly StepKind[] = [...HOMOGENEOUS, ...OTHERS];

const WRITE: Readonly<Record<StepKind, Write>> = {
  rectified: (maps, x, step) => maps.builder.add('Relu', [convolve(maps, x, step, false)]),
  convolution: (maps, x, step) => convolve(maps, x, step, true),
  activation: ({ builder }, x, { choice }) => {
    const ops = [...SMOOTH, ...RECTIFIERS];
    return builder.add(ops[choice % ops.length]!, [x]);
  },
  'max-pool': ({ builder, shapeOf }, x, step) => {
    const sliding = window(step, shapeOf(x));
    // ONNX Runtime infers too many windows where the last one would lie in the padding (opset below 22).
    const ceil = sliding.pads[0] === 0 && sliding.kernel_shape[0]! >= step.stride && step.choice % 2 === 1;
    return builder.add('MaxPool', [x], { ...sliding, ceil_mode: ceil ? 1 : 0 });
  },
  'average-pool': ({ builder, shapeOf }, x, step) =>
    builder.add('AveragePool', [x], { ...window(step, shapeOf(x)), count_include_pad: step.choice % 2 }),
  add: (maps, x, step) => maps.builder.add('Add', [x, sameShape(maps, x, step)]),
  multiply: (maps, x, step) => maps.builder.add('Mul', [x, maps.builder.add('Sigmoid', [sameShape(maps, x, step)])]),
  concat: (maps, x, step) => {
    const [, height, width] = maps.shapeOf(x);
    const other = partner(maps, x, step, (shape) => shape[1] === height && shape[2] === width);
    return maps.builder.add('Concat', [x, other], { axis: 1 });
  },
  resize: ({ builder, shapeOf }, x, { choice }) => {
    const [, height, width] = shapeOf(x);
    const scale = Math.max(height, width) > 6 ? 1 : 2;
    const scales = builder.floats('scales', [1, 1, scale, scale], [4]);
    return builder.add('Resize', [x, '', scales], { mode: choice % 2 ? 'linear' : 'nearest' });
  },
  normalise: (maps, x) => {
    const [channels] = maps.shapeOf(x);
    const parts = [0.5, -0.5, -0.5, 0.5].map((low, i) => vector(maps, channels, low, i === 0 || i === 3 ? 1.5 : 0.5));
    return maps.builder.add('BatchNormalization', [x, ...parts]);
  },
  /** Squeeze-and-excitation. */
  attend: (maps, x) => {
    const [channels] = maps.shapeOf(x);
    const mean = maps.builder.add('GlobalAveragePool', [x]);
    const excited = maps.builder.add('Conv', [mean, weights(maps, [channels, channels, 1, 1])]);
    return maps.builder.add('Mul', [x, maps.builder.add('Sigmoid', [excited])]);
  },
  slice: ({ builder, shapeOf }, x, { choice }) => {
    const [, height] = shapeOf(x);
    const start = height > 1 ? choice % 2 : 0;
    return builder.add('Slice', [x, builder.ints([start]), builder.ints([height]), builder.ints([2])]);
  },
  /** A dense layer, and back to a map. */
  dense: (maps, x, { channels }) => {
    const { builder } = maps;
    const flat = builder.add('Flatten', [x]);
    const w = weights(maps, [channels, elements(maps.shapeOf(x))]);
    const dense = builder.add('Gemm', [flat, w, vector(maps, channels, -0.3, 0.3)], { transB: 1 });
    return builder.add('Reshape', [dense, builder.ints([0, channels, 1, 1])]);
  },
};

export const recipes = (kinds: readonly StepKind[], longest = 6): fc.Arbitrary<Recipe> =>
  fc.record({
    shape: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 3, max: 6 }), fc.integer({ min: 3, max: 6 })),
    steps: fc.array(
      fc.record({
        kind: fc.constantFrom(...kinds),
        from: fc.nat(1),
        other: fc.nat(5),
        kernel: fc.integer({ min: 1, max: 3 }),
        stride: fc.integer({ min: 1, max: 2 }),
        pad: fc.nat(1),
        channels: fc.integer({ min: 1, max: 3 }),
        choice: fc.nat(11),
      }),
      { minLength: 1, maxLength: longest },
    ),
    seed: fc.nat(1000),
  });

/** Writes a recipe's network; returns its objective, [N]: the last map, weighted at random and summed. */
export function writeRecipe(builder: GraphBuilder, x: string, { steps, seed }: Recipe): string {
  const next = random(seed + 1);
  const all = [x];
  const shapeOf = (map: string) => inferShapes(builder.graph()).get(map)!.slice(1) as [number, number, number];
  const maps: Maps = { builder, next, all, shapeOf };
  // From one of the last two maps, so that most of the network is on the way.
  for (const step of steps) all.push(WRITE[step.kind](maps, all.at(-1 - (step.from % all.length))!, step));
  const last = all.at(-1)!;
  const weighted = builder.add('Mul', [last, weights(maps, [1, ...shapeOf(last)])]);
  return builder.add('ReduceSum', [weighted, builder.ints([1, 2, 3])], { keepdims: 0 });
}

/** An image for a recipe, of values in −1…1. */
export function recipeImage({ shape, seed }: Recipe): Tensor<'float32'> {
  const next = random(seed + 5000);
  return float32(
    Float32Array.from({ length: elements(shape) }, () => next() * 2 - 1),
    [1, ...shape],
  );
}
