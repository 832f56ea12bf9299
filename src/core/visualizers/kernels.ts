import { usageError } from '../errors.ts';
import { producers, type Node, type Shape } from '../graph/graph.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import type { Layer, Model } from '../model.ts';
import type { Session } from '../session.ts';

const KERNEL_OPERATORS = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);

/** The node that applies the layer's kernel; undefined for a layer without one. */
export function kernelNode(model: Model, layer: Layer): Node | undefined {
  const [kernel] = layer.weights;
  if (kernel === undefined) return undefined;
  const names = new Set(layer.nodes);
  return model.graph.nodes.find(
    (node) => names.has(node.name) && KERNEL_OPERATORS.has(node.op) && node.inputs.includes(kernel),
  );
}

export interface Kernels {
  /** O×I×H×W; dense layers are O×I×1×1. */
  readonly weights: Tensor<'float32'>;
  /** Of a dense layer whose input is a flattened map: that map, and in which order its values stand. */
  readonly flattened?: { readonly shape: readonly [number, number, number]; readonly order: 'CHW' | 'HWC' };
  /** Whether it sees the network's input channels, with nothing between that mixes them. */
  readonly seesInput: boolean;
}

/** A layer's kernels, whatever their operator's own order. Throws a usage error for a layer without. */
export function kernelsOf({ model, shapes }: Session, layer: Layer): Kernels {
  const node = kernelNode(model, layer);
  const kernel = model.graph.constants.get(layer.weights[0] ?? '');
  if (!node || kernel?.dtype !== 'float32')
    throw usageError(`Layer '${layer.name}' (${layer.kind}) has no filters: choose a convolution or a dense layer.`);
  const given = kernel as Tensor<'float32'>;
  const data = node.inputs[0]!;
  if (node.op === 'Conv' || node.op === 'ConvTranspose') {
    const weights = node.op === 'Conv' ? given : swapFirstAxes(given);
    // Without the graph: hardly anything but the first layer takes three channels.
    const seesInput = model.missing === undefined ? cameFromInput(model, data) : weights.shape[1] === 3;
    return { weights: asMaps(weights), seesInput };
  }
  const transposed = node.op === 'Gemm' && node.attributes['transB'] === 1;
  const dense = transposed ? given : swapFirstAxes(given);
  const flattened = flattenedMap(model, shapes, data);
  const fits = flattened && flattened.shape.reduce((a, b) => a * b) === dense.shape[1];
  return {
    weights: asMaps(dense),
    ...(fits && { flattened }),
    seesInput: cameFromInput(model, data) || (fits === true && cameFromInput(model, flattened.tensor)),
  };
}

/** O×I, O×I×W to O×I×H×W; the values are held from here on, as each is drawn. */
function asMaps(kernel: Tensor<'float32'>): Tensor<'float32'> {
  const [o, i, ...window] = kernel.shape as readonly [number, number, ...number[]];
  if (window.length === 2) return float32(kernel.data, kernel.shape);
  if (window.length > 2) throw usageError(`Kernels with ${window.length} dimensions can't be shown.`);
  return float32(kernel.data, [o, i, 1, window[0] ?? 1]);
}

/** A×B×… to B×A×… */
function swapFirstAxes({ shape, data }: Tensor<'float32'>): Tensor<'float32'> {
  const [a, b, ...rest] = shape as readonly [number, number, ...number[]];
  const size = rest.reduce((product, axis) => product * axis, 1);
  const swapped = new Float32Array(data.length);
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let k = 0; k < size; k++) swapped[(j * a + i) * size + k] = data[(i * b + j) * size + k]!;
  return float32(swapped, [b, a, ...rest]);
}

const KEEPS_VALUES = new Set(['Flatten', 'Reshape', 'Identity', 'Squeeze', 'Unsqueeze', 'Dropout']);

/** The map that a vector is the flattening of. */
export function flattenedMap(model: Model, shapes: ReadonlyMap<string, Shape>, vector: string) {
  const made = producers(model.graph);
  let order: 'CHW' | 'HWC' = 'CHW';
  for (let tensor = vector; ;) {
    const shape = shapes.get(tensor);
    const node = made.get(tensor);
    const isTransposed = node?.op === 'Transpose' && String(node.attributes['perm']) === '0,2,3,1';
    if (isTransposed && order === 'CHW') order = 'HWC';
    else if (shape?.length === 4)
      return { tensor, order, shape: shape.slice(1) as unknown as [number, number, number] };
    else if (!node || !KEEPS_VALUES.has(node.op)) return undefined;
    tensor = node!.inputs[0]!;
  }
}

const MIXES_NO_CHANNELS = new Set(['Add', 'Sub', 'Mul', 'Div', 'Pad', 'Cast', 'Clip', 'BatchNormalization', 'Resize']);

function cameFromInput(model: Model, tensor: string): boolean {
  const inputs = new Set(model.inputs.map(({ name }) => name));
  const made = producers(model.graph);
  for (let name = tensor; ;) {
    if (inputs.has(name)) return true;
    const node = made.get(name);
    if (!node || !(MIXES_NO_CHANNELS.has(node.op) || KEEPS_VALUES.has(node.op) || node.op === 'Transpose'))
      return false;
    name = node.inputs.find((input) => !model.graph.constants.has(input)) ?? '';
  }
}
