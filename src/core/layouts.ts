import type { Shape } from './graph/graph.ts';
import { float32, type Tensor } from './graph/tensor.ts';
import type { ModelInput } from './model.ts';

/** The shape of an input as the file declares it. */
export function declaredShape({ shape, layout, declared }: ModelInput): Shape {
  if (declared) return declared;
  const [n, c, h, w] = shape as readonly [number, number, number, number];
  return layout === 'NHWC' && shape.length === 4 ? [n, h, w, c] : shape;
}

/** A tensor shaped like the input, from the graph's layout to the file's. */
export function toDeclaredLayout(tensor: Tensor<'float32'>, { layout, declared }: ModelInput): Tensor<'float32'> {
  if (declared) return { ...tensor, shape: [tensor.shape[0]!, ...declared.slice(1)] };
  if (layout !== 'NHWC' || tensor.shape.length !== 4) return tensor;
  const [n, c, h, w] = tensor.shape as readonly [number, number, number, number];
  return float32(swapLastAxes(tensor.data, n, c, h * w), [n, h, w, c]);
}

/** A tensor in the layout that the file declares, to the graph's: N×C×H×W. */
export function fromDeclaredLayout(
  tensor: Tensor<'float32'>,
  { layout, declared, shape }: ModelInput,
): Tensor<'float32'> {
  if (declared) return { ...tensor, shape: [tensor.shape[0]!, ...shape.slice(1)] };
  if (layout !== 'NHWC' || tensor.shape.length !== 4) return tensor;
  const [n, h, w, c] = tensor.shape as readonly [number, number, number, number];
  return float32(swapLastAxes(tensor.data, n, h * w, c), [n, c, h, w]);
}

/** N×A×B to N×B×A. */
function swapLastAxes(data: Float32Array, n: number, a: number, b: number): Float32Array {
  const swapped = new Float32Array(data.length);
  for (let image = 0; image < n; image++)
    for (let i = 0; i < a; i++)
      for (let j = 0; j < b; j++) swapped[(image * b + j) * a + i] = data[(image * a + i) * b + j]!;
  return swapped;
}
