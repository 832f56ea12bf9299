import type { GraphBuilder } from '../graph/builder.ts';
import type { Shape } from '../graph/graph.ts';
import type { Shapes } from '../graph/shapes.ts';
import { float32, type Tensor } from '../graph/tensor.ts';

/**
 * What is to be made large: a fragment of a graph over a network's tensors, with one value an image. Which unit is meant
 * is fed when the program runs, so one compiled program serves every unit of a layer, another one for each image of a batch.
 */
export interface Objective {
  /** Equal keys, equal fragments. */
  readonly key: string;
  /** The tensors of the network that it looks at. */
  readonly tensors: readonly string[];
  /** Writes the fragment; returns the tensor that holds its values, [N]. */
  write(builder: GraphBuilder, shapes: Shapes): string;
}

/**
 * Σ_c w_c · mean over the map of channel c; for a dense layer Σ_c w_c · a_c. Feed `weights`: N×C (`oneHot`).
 * Lucid's `channel`.
 */
export const channel = (tensor: string, weights = 'unit'): Objective => ({
  key: `channel(${tensor},${weights})`,
  tensors: [tensor],
  write(builder, shapes) {
    const shape = shapes.get(tensor)!;
    const spatial = shape.map((_, axis) => axis).slice(2);
    const means = spatial.length ? builder.add('ReduceMean', [tensor, builder.ints(spatial)], { keepdims: 0 }) : tensor;
    const fed = builder.input(weights, [shape[0]!, shape[1]!]);
    return builder.add('ReduceSum', [builder.add('Mul', [means, fed]), builder.ints([1])], { keepdims: 0 });
  },
});

/** Σ w·a over all positions and channels. Feed `weights`: N×C×H×W (`oneHotAt`): one position, or a pattern. */
export const neuron = (tensor: string, weights = 'unit'): Objective => ({
  key: `neuron(${tensor},${weights})`,
  tensors: [tensor],
  write(builder, shapes) {
    const shape = shapes.get(tensor)!;
    const fed = builder.input(weights, shape);
    const axes = shape.map((_, axis) => axis).slice(1);
    return builder.add('ReduceSum', [builder.add('Mul', [tensor, fed]), builder.ints(axes)], { keepdims: 0 });
  },
});

/** Mean over the map of max(0, Σ_c w_c · a_c). Feed `weights`: N×C. */
export const positivePart = (tensor: string, weights = 'unit'): Objective => ({
  key: `positive(${tensor},${weights})`,
  tensors: [tensor],
  write(builder, shapes) {
    const shape = shapes.get(tensor)!;
    const fed = builder.input(weights, [shape[0]!, shape[1]!]);
    const spread = builder.add('Reshape', [fed, builder.ints([0, shape[1]!, 1, 1])]);
    const sum = builder.add('ReduceSum', [builder.add('Mul', [tensor, spread]), builder.ints([1])], { keepdims: 0 });
    return builder.add('ReduceMean', [builder.add('Relu', [sum]), builder.ints([1, 2])], { keepdims: 0 });
  },
});

/** A tensor that is made from others of the network. */
export interface Derived {
  readonly key: string;
  readonly tensors: readonly string[];
  shape(shapes: Shapes): Shape;
  write(builder: GraphBuilder): string;
}

/** An objective over a derived tensor. */
export const through = (source: Derived, objective: (tensor: string) => Objective): Objective => ({
  key: objective(source.key).key,
  tensors: source.tensors,
  write(builder, shapes) {
    const made = source.write(builder);
    return objective(made).write(builder, new Map([...shapes, [made, source.shape(shapes)]]));
  },
});

export const plus = (a: Objective, b: Objective): Objective => ({
  key: `(${a.key}+${b.key})`,
  tensors: [...a.tensors, ...b.tensors],
  write: (builder, shapes) => builder.add('Add', [a.write(builder, shapes), b.write(builder, shapes)]),
});

export const times = (factor: number, objective: Objective): Objective => ({
  key: `${factor}*${objective.key}`,
  tensors: objective.tensors,
  write: (builder, shapes) => builder.add('Mul', [builder.scalar(factor), objective.write(builder, shapes)]),
});

/** The weights of `channel`: image i asks for `channels[i]`. N×size. */
export function oneHot(channels: readonly number[], size: number): Tensor<'float32'> {
  const data = new Float32Array(channels.length * size);
  channels.forEach((chosen, image) => (data[image * size + chosen] = 1));
  return float32(data, [channels.length, size]);
}

/** The weights of `neuron`: image i asks for the value at `positions[i]`, an index by axis. N×shape. */
export function oneHotAt(positions: readonly (readonly number[])[], shape: Shape): Tensor<'float32'> {
  const size = shape.reduce((product, axis) => product * axis, 1);
  const data = new Float32Array(positions.length * size);
  positions.forEach((position, image) => {
    const at = position.reduce((index, p, axis) => index * shape[axis]! + p, 0);
    data[image * size + at] = 1;
  });
  return float32(data, [positions.length, ...shape]);
}

/** −‖a − target‖² · scale: 0 where they are equal. Feeds: `target`, of the tensor's shape, and `scale`, N. */
export const nearness = (tensor: string, target = 'target', scale = 'scale'): Objective => ({
  key: `nearness(${tensor},${target},${scale})`,
  tensors: [tensor],
  write(builder, shapes) {
    const shape = shapes.get(tensor)!;
    const difference = builder.add('Sub', [tensor, builder.input(target, shape)]);
    const axes = shape.map((_, axis) => axis).slice(1);
    const weight = builder.add('Neg', [builder.input(scale, [shape[0]!])]);
    // Both factors of the square get the same back, which is computed once and counted twice; from a product of vectors it comes in one
    // pass, from a sum it would be spread over the maps first.
    const size = axes.reduce((product, axis) => product * shape[axis]!, 1);
    const row = builder.add('Reshape', [difference, builder.ints([0, 1, size])]);
    const column = builder.add('Reshape', [difference, builder.ints([0, size, 1])]);
    builder.held.add(column);
    const product = builder.add('Reshape', [builder.add('MatMul', [row, column]), builder.ints([-1])]);
    const standIn = builder.add('Mul', [product, builder.add('Mul', [weight, builder.scalar(2)])]);
    const square = builder.add('Mul', [difference, difference]);
    const sum = builder.add('ReduceSum', [square, builder.ints(axes)], { keepdims: 0 });
    const found = builder.add('Mul', [sum, weight]);
    builder.standIns.set(found, standIn);
    return found;
  },
});

/** ½ Σ_c w_c · mean over the map of a_c². Feed `weights`: N×C. DeepDream's (Mordvintsev et al. 2015). */
export const energy = (tensor: string, weights = 'unit'): Objective => ({
  key: `energy(${tensor},${weights})`,
  tensors: [tensor],
  write(builder, shapes) {
    const square = builder.add('Mul', [builder.scalar(0.5), builder.add('Mul', [tensor, tensor])]);
    return channel(square, weights).write(builder, new Map([...shapes, [square, shapes.get(tensor)!]]));
  },
});

/**
 * How alike an image's maps are to those of the others in its batch: Σ_j≠i ⟨Ĝ_i, Ĝ_j⟩ / count, Ĝ the Gram matrix divided by its norm.
 * Lucid's `diversity` (Olah, Mordvintsev & Schubert 2017, "Diversity").
 *
 * @param count  images of the batch
 */
export const likeness = (tensor: string, count: number): Objective => ({
  key: `likeness(${tensor},${count})`,
  tensors: [tensor],
  write(builder, shapes) {
    const [, channels, ...map] = shapes.get(tensor)! as [number, number, ...number[]];
    const area = map.reduce((product, size) => product * size, 1);
    const flat = builder.add('Reshape', [tensor, builder.ints([0, channels, area])]);
    const gram = builder.add('MatMul', [flat, builder.add('Transpose', [flat], { perm: [0, 2, 1] })]);
    const row = builder.add('Reshape', [gram, builder.ints([0, channels * channels])]);
    const squares = builder.add('ReduceSum', [builder.add('Mul', [row, row]), builder.ints([1])], { keepdims: 1 });
    const norm = builder.add('Sqrt', [builder.add('Add', [squares, builder.scalar(1e-12)])]);
    const unit = builder.add('Div', [row, norm]);
    const all = builder.add('ReduceSum', [unit, builder.ints([0])], { keepdims: 1 });
    const others = builder.add('Sub', [all, unit]);
    const alike = builder.add('ReduceSum', [builder.add('Mul', [unit, others]), builder.ints([1])], { keepdims: 0 });
    return builder.add('Mul', [alike, builder.scalar(1 / count)]);
  },
});
