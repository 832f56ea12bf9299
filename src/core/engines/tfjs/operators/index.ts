import type { KernelTable } from '../kernel.ts';
import { ARITHMETIC } from './arithmetic.ts';
import { CONVOLUTION } from './convolution.ts';
import { LAYOUT } from './layout.ts';
import { MATRIX } from './matrix.ts';
import { NORMALIZATION } from './normalization.ts';
import { PIECES } from './pieces.ts';
import { POOLING } from './pooling.ts';
import { REDUCTIONS } from './reduction.ts';
import { RESIZE } from './resize.ts';
import { SCATTER } from './scatter.ts';
import { SELECTION } from './selection.ts';
import { UNARY } from './unary.ts';

/** How each operator of the subset runs on TensorFlow.js. */
export const KERNELS: KernelTable = {
  ...ARITHMETIC,
  ...CONVOLUTION,
  ...LAYOUT,
  ...MATRIX,
  ...NORMALIZATION,
  ...PIECES,
  ...POOLING,
  ...REDUCTIONS,
  ...RESIZE,
  ...SCATTER,
  ...SELECTION,
  ...UNARY,
};
