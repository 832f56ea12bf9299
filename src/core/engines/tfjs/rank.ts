import type { Attribute } from '../../graph/graph.ts';
import { list } from '../../graph/operator.ts';
import { type Kernel, type Run } from './kernel.ts';
import { Value } from './value.ts';

const PER_AXIS = { kernel_shape: 1, strides: 1, dilations: 1, output_padding: 0 } as const;

/**
 * Lets a kernel for images run on signals, N×C×L: as images of one row. What TensorFlow.js has no fast kernel for, volumes,
 * is refused. Weights, the second input, where there are some, get a row too.
 */
export const asImages =
  (kernel: Kernel): Kernel =>
  (run) => {
    const rank = run.inputs[0]!.shape.length;
    if (rank === 4) return kernel(run);
    if (rank !== 3)
      throw new Error(`${run.node.op} '${run.node.name}' along ${rank - 2} axes: only one or two can be run`);
    const flat = (shape: readonly number[]) => [...shape.slice(0, 2), 1, ...shape.slice(2)];
    const inputs = run.inputs.map((value) =>
      value && value.shape.length === 3 ? value.view(flat(value.shape)) : value,
    );
    const attributes: Record<string, Attribute> = { ...run.node.attributes };
    for (const [name, fill] of Object.entries(PER_AXIS))
      if (name in attributes) attributes[name] = [fill, ...list(run.node, name, [])];
    const [before = 0, after = 0] = list(run.node, 'pads', []);
    attributes['pads'] = [0, before, 0, after];
    const node = { ...run.node, attributes };
    const context = { node, inputs: inputs.map((value) => value?.shape), constant: run.context.constant };
    const results = kernel({ ...run, node, context, inputs, shapes: run.shapes.map(flat) });
    return results.map((result, i) => flattened(run, result, i));
  };

function flattened(run: Run, result: Value, index: number): Value {
  const tensor = run.device.reshape(result.get('onnx'), run.shapes[index]!);
  const value = Value.ofDevice(run.device, tensor, run.shapes[index]!, result.dtype, 'onnx');
  result.dispose();
  return value;
}
