import type { OperatorTable } from '../operator.ts';
import { ACTIVATIONS } from './activations.ts';
import { ARITHMETIC } from './arithmetic.ts';
import { CONVOLUTION } from './convolution.ts';
import { LAYOUT } from './layout.ts';
import { MATRIX } from './matrix.ts';
import { NORMALIZATION } from './normalization.ts';
import { PIECES } from './pieces.ts';
import { POOLING } from './pooling.ts';
import { REDUCTIONS } from './reduction.ts';
import { RESIZE } from './resize.ts';
import { SELECTION } from './selection.ts';

/** The closed subset of ONNX that graphs are made of, by operator. */
export const OPERATORS: OperatorTable = {
  ...ACTIVATIONS,
  ...ARITHMETIC,
  ...CONVOLUTION,
  ...LAYOUT,
  ...MATRIX,
  ...NORMALIZATION,
  ...PIECES,
  ...POOLING,
  ...REDUCTIONS,
  ...RESIZE,
  ...SELECTION,
};

export const isKnown = (op: string): boolean => Object.hasOwn(OPERATORS, op);
