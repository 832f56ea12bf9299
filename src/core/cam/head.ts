import { usageError } from '../errors.ts';
import { producers, type Graph, type Node } from '../graph/graph.ts';
import { list } from '../graph/operator.ts';
import { reduced } from '../graph/operators/reduction.ts';
import { shapeContext, type Shapes } from '../graph/shapes.ts';
import { KEEPS_VALUES } from '../scores.ts';

/** Of which an unbroken chain, each with constants, is one linear map. */
const LINEAR = new Set(['Gemm', 'MatMul', 'Conv', 'Add', 'Sub', 'Mul', 'Div', 'BatchNormalization', 'Transpose']);

/**
 * The maps whose means over all positions the class scores are a linear map of (or are themselves, where the classes have maps, made by
 * a 1×1 convolution before the pooling). Throws a usage error that says what else is there, and names Grad-CAM.
 */
export function pooledMaps(graph: Graph, shapes: Shapes, score: string): string {
  const made = producers(graph);
  for (let tensor = score; ;) {
    const node = made.get(tensor);
    if (!node) throw otherHead('the class scores come from the input without any pooling');
    if (isMeanPool(node, graph, shapes)) return node.inputs[0]!;
    const [before, ...others] = node.inputs.filter((name) => name !== '' && !graph.constants.has(name));
    const isLinear = (KEEPS_VALUES.has(node.op) || LINEAR.has(node.op)) && before !== undefined && others.length === 0;
    if (!isLinear) throw otherHead(`${node.op} '${node.name}' stands between the pooling and the class scores`);
    const [, , height = 1, width = 1] = shapes.get(before) ?? [];
    if (height * width > 1 && shapes.get(before)?.length === 4)
      throw otherHead(`${node.op} '${node.name}' weighs each position of the maps by itself`);
    tensor = before;
  }
}

const otherHead = (why: string) =>
  usageError(
    `CAM needs global average pooling followed by one linear map; here ${why}. Grad-CAM draws such a map for any network: choose it.`,
  );

/** Whether a node takes the mean over all positions. */
function isMeanPool(node: Node, graph: Graph, shapes: Shapes): boolean {
  const [, , ...size] = shapes.get(node.inputs[0]!) ?? [];
  if (size.length !== 2) return false;
  if (node.op === 'GlobalAveragePool') return true;
  if (node.op === 'ReduceMean') {
    const { axes } = reduced(shapeContext(node, shapes, graph.constants));
    return axes.toSorted().join() === '2,3';
  }
  const covers = list(node, 'kernel_shape', []).join() === size.join();
  return node.op === 'AveragePool' && covers && list(node, 'pads', []).every((pad) => pad === 0);
}
