import type { Shape } from '../graph/graph.ts';
import { float32, type Tensor } from '../graph/tensor.ts';

/** Over the channels: the largest magnitude, the sum of magnitudes, or the sum with its sign. */
export type Reduction = 'max' | 'sum' | 'signed';

/** N×C×H×W to N×H×W; inputs that are no maps become rows: N×1×features. */
export function reduceChannels(values: Float32Array, shape: Shape, reduction: Reduction = 'signed'): Tensor<'float32'> {
  const [images, channels, height, width] = asMaps(shape);
  const area = height * width;
  const map = new Float32Array(images * area);
  for (let n = 0; n < images; n++)
    for (let c = 0; c < channels; c++) {
      const from = (n * channels + c) * area;
      for (let i = 0; i < area; i++) {
        const value = values[from + i]!;
        const at = n * area + i;
        if (reduction === 'signed') map[at] = map[at]! + value;
        else if (reduction === 'sum') map[at] = map[at]! + Math.abs(value);
        else map[at] = Math.max(map[at]!, Math.abs(value));
      }
    }
  return float32(map, [images, height, width]);
}

/** [images, channels, height, width] of an input; one that holds no maps is N×1×1×features, or N×1×rows×features. */
export function asMaps(shape: Shape): readonly [number, number, number, number] {
  if (shape.length === 4) return shape as unknown as readonly [number, number, number, number];
  return [shape[0]!, 1, shape.slice(1, -1).reduce((product, size) => product * size, 1), shape.at(-1)!];
}
