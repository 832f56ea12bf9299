import { oneHot, type Objective } from '../optimization/objectives.ts';

/** The input of every objective here that says which unit is meant. */
export const UNIT = 'layerscope/unit';

/** P_c of scores that no softmax of the model's own follows. Feed `weights`: N×C (`oneHot`). */
export const softmaxProbability = (scores: string, weights = UNIT): Objective => ({
  key: `softmax(${scores},${weights})`,
  tensors: [scores],
  write(builder, shapes) {
    const shape = shapes.get(scores)!;
    const flat = builder.add('Reshape', [scores, builder.ints([0, shape[1]!])]);
    const probabilities = builder.add('Softmax', [flat], { axis: 1 });
    const fed = builder.input(weights, [shape[0]!, shape[1]!]);
    return builder.add('ReduceSum', [builder.add('Mul', [probabilities, fed]), builder.ints([1])], { keepdims: 0 });
  },
});

/** One unit that is part of the program itself: mean over the map of a channel, or a class score. Nothing is fed. */
export const oneUnit = (tensor: string, unit: number): Objective => ({
  key: `unit(${tensor},${unit})`,
  tensors: [tensor],
  write(builder, shapes) {
    const shape = shapes.get(tensor)!;
    const spatial = shape.map((_, axis) => axis).slice(2);
    const means = spatial.length ? builder.add('ReduceMean', [tensor, builder.ints(spatial)], { keepdims: 0 }) : tensor;
    const chosen = builder.constant('layerscope/unit', oneHot([unit], shape[1]!));
    return builder.add('ReduceSum', [builder.add('Mul', [means, chosen]), builder.ints([1])], { keepdims: 0 });
  },
});
