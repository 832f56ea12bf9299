import { consumers, producers, type Graph, type Node } from '../../graph/graph.ts';
import { elements, float32, type Tensor } from '../../graph/tensor.ts';

/** Sums of a product and a constant vector become the product's own bias, as other formats have it. */
export function withBiases(graph: Graph): Graph {
  const makers = producers(graph);
  const takers = consumers(graph);
  const constants = new Map(graph.constants);
  const replaced = new Map<Node, Node>();
  const gone = new Set<Node>();
  for (const node of graph.nodes) {
    if (node.op !== 'Add') continue;
    const [product, bias] = operands(node, graph.constants);
    const maker = makers.get(product ?? '');
    if (!bias || !maker || replaced.has(maker) || !isAlone(maker, takers, graph)) continue;
    const values = biasOf(maker, bias.tensor, graph.constants);
    if (!values) continue;
    const name = `${bias.name}/bias`;
    constants.set(name, values);
    replaced.set(maker, { ...maker, inputs: [...maker.inputs, name], outputs: node.outputs });
    gone.add(node);
  }
  const nodes = graph.nodes.filter((node) => !gone.has(node)).map((node) => replaced.get(node) ?? node);
  const used = new Set([...graph.outputs, ...nodes.flatMap(({ inputs }) => inputs)]);
  return { ...graph, nodes, constants: new Map([...constants].filter(([name]) => used.has(name))) };
}

function operands({ inputs }: Node, constants: Graph['constants']) {
  const [a, b] = inputs as [string, string];
  const [product, name] = constants.has(a) ? [b, a] : [a, b];
  const tensor = constants.get(name);
  return [product, tensor && { name, tensor }] as const;
}

const isAlone = ({ outputs: [output] }: Node, takers: ReadonlyMap<string, readonly Node[]>, graph: Graph): boolean =>
  takers.get(output!)?.length === 1 && !graph.outputs.includes(output!);

/** One value for each channel, where the sum's constant is that. */
function biasOf(product: Node, bias: Tensor, constants: Graph['constants']): Tensor | undefined {
  const kernel = constants.get(product.inputs[1] ?? '')?.shape;
  if (!kernel || product.inputs.length !== 2 || bias.dtype !== 'float32') return undefined;
  const [axis, rank, channels] =
    product.op === 'Conv'
      ? [1, 4, kernel[0]]
      : product.op === 'ConvTranspose'
        ? [1, 4, kernel[1]]
        : product.op === 'Gemm'
          ? [1, 2, kernel[product.attributes.transB === 1 ? 0 : 1]]
          : [0, 0, undefined];
  const shape = [...new Array<number>(Math.max(0, rank - bias.shape.length)).fill(1), ...bias.shape];
  if (channels === undefined || shape.length !== rank || shape[axis] !== channels || elements(shape) !== channels)
    return undefined;
  return bias.shape.length === 1 ? bias : float32(bias.data as Float32Array, [channels]);
}
