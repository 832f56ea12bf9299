import { floats, ints, type OnnxNode } from './files.ts';
import { int, list, node, type Case } from './onnx-node.ts';

/** The batch size as PyTorch's exporter writes it, times `factor`, in a list with other sizes. */
const target = (name: string, factor: number, ...sizes: readonly number[]): OnnxNode[] => [
  node('Shape', 'x', `${name}/s`),
  node('Constant', '', `${name}/zero`, list('value_ints', 0)),
  node('Gather', `${name}/s ${name}/zero`, `${name}/n`, int('axis', 0)),
  node('Constant', '', `${name}/factor`, list('value_ints', factor)),
  node('Mul', `${name}/n ${name}/factor`, `${name}/rows`),
  node('Constant', '', `${name}/sizes`, list('value_ints', ...sizes)),
  node('Concat', `${name}/rows ${name}/sizes`, name, int('axis', 0)),
];

/** Networks that put images elsewhere than on the first axis, or make rows of their parts. */
export const BATCH_CASES: readonly Case[] = [
  {
    name: 'attention: queries, keys and values before the images',
    opset: 18,
    nodes: [
      ...target('heads', 1, 3, 2, 3, 4),
      node('Reshape', 'x heads', 'all'),
      node('Transpose', 'all', 'apart', list('perm', 1, 0, 2, 3, 4)),
      node('Split', 'apart', 'q k v', int('axis', 0), int('num_outputs', 3)),
      ...['q', 'k'].map((name) => node('Squeeze', `${name} zero`, `${name}1`)),
      node('Transpose', 'k1', 'turned', list('perm', 0, 1, 3, 2)),
      node('MatMul', 'q1 turned', 'y'),
    ],
    weights: [ints('zero', [0])],
  },
  {
    name: 'windows as rows, and back',
    opset: 18,
    nodes: [
      node('Reshape', 'x apart', 'cut'),
      node('Transpose', 'cut', 'windows', list('perm', 0, 2, 4, 1, 3, 5)),
      ...target('many', 4, 2, 9),
      node('Reshape', 'windows many', 'rows'),
      node('MatMul', 'rows m', 'weighed'),
      node('Reshape', 'weighed whole', 'y'),
    ],
    weights: [ints('apart', [-1, 2, 2, 3, 2, 3]), floats('m', [9, 5]), ints('whole', [-1, 4, 2, 5])],
  },
  {
    name: 'heads as rows behind the positions',
    opset: 18,
    nodes: [
      node('Reshape', 'x flat', 'lines'),
      node('Transpose', 'lines', 'first', list('perm', 2, 0, 1)),
      node('Reshape', 'first joined', 'all'),
      node('MatMul', 'all m', 'weighed'),
      node('Reshape', 'weighed back', 'three'),
      node('Transpose', 'three', 'y', list('perm', 1, 0, 2)),
    ],
    weights: [ints('flat', [0, 2, 36]), ints('joined', [-1, 2]), floats('m', [2, 5]), ints('back', [36, -1, 5])],
  },
  {
    name: 'zeros for each image',
    opset: 18,
    nodes: [...target('t', 1, 2, 6, 6), node('ConstantOfShape', 't', 'z'), node('Concat', 'x z', 'y', int('axis', 1))],
  },
  {
    name: 'Tile of one for each image, and of rows',
    opset: 18,
    nodes: [
      ...target('t', 1, 2, 1, 3),
      node('Tile', 'one t', 'm'),
      node('Concat', 'x m', 'j', int('axis', 1)),
      node('Tile', 'j twice', 'y'),
    ],
    weights: [floats('one', [1, 1, 6, 2]), ints('twice', [1, 2, 3, 1])],
  },
  {
    name: 'a fixed batch whose windows are rows',
    opset: 18,
    batch: 1,
    nodes: [
      node('Reshape', 'x many', 'rows'),
      node('MatMul', 'rows m', 'weighed'),
      node('Reshape', 'weighed whole', 'y'),
    ],
    weights: [ints('many', [8, 9]), floats('m', [9, 4]), ints('whole', [1, 8, 4])],
  },
];
