import { BLOCK_OPS } from './blocks.ts';
import { CHOICE_OPS } from './choices.ts';
import { CONVOLUTION_OPS } from './convolution.ts';
import { DILATED_OPS } from './dilated.ts';
import { EINSUM_OPS } from './einsum.ts';
import { ELEMENTWISE_OPS } from './elementwise.ts';
import { MATRIX_OPS } from './matrix.ts';
import type { OpTable } from './operator.ts';
import { PIECES_OPS } from './pieces.ts';
import { POOLING_OPS } from './pooling.ts';
import { SHAPE_OPS } from './shape.ts';

/** By operator of TensorFlow, how a node of it is written as nodes of the graph. */
export const OPS: OpTable = {
  ...BLOCK_OPS,
  ...CHOICE_OPS,
  ...CONVOLUTION_OPS,
  ...DILATED_OPS,
  ...EINSUM_OPS,
  ...ELEMENTWISE_OPS,
  ...MATRIX_OPS,
  ...PIECES_OPS,
  ...POOLING_OPS,
  ...SHAPE_OPS,
};
