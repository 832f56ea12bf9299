import type { KernelTable } from '../kernel.ts';
import { CONVOLUTION } from './convolution.ts';
import { LAYOUT } from './layout.ts';
import { MATRIX } from './matrix.ts';
import { NORMALIZATION } from './normalization.ts';
import { POOLING } from './pooling.ts';
import { UNARY } from './unary.ts';

/** How each operator of the subset runs on TensorFlow.js. */
export const KERNELS: KernelTable = {
  ...CONVOLUTION,
  ...LAYOUT,
  ...MATRIX,
  ...NORMALIZATION,
  ...POOLING,
  ...UNARY,
};
