import { ACTIVATIONS } from './activations.ts';
import { ARITHMETIC } from './arithmetic.ts';
import type { AtenFunction, AtenTable } from './call.ts';
import { CONVOLUTION } from './convolution.ts';
import { MATRIX } from './matrix.ts';
import { NORMALIZATION } from './normalization.ts';
import { PIECES } from './pieces.ts';
import { POOLING } from './pooling.ts';
import { RESIZE } from './resize.ts';
import { SELECTION } from './selection.ts';
import { SHAPE } from './shape.ts';

/** The functions of PyTorch's ATen that are known, by name; one of an overload alone by both: `upsample_nearest2d.vec`. */
const ATEN: AtenTable = {
  ...ACTIVATIONS,
  ...ARITHMETIC,
  ...CONVOLUTION,
  ...MATRIX,
  ...NORMALIZATION,
  ...PIECES,
  ...POOLING,
  ...RESIZE,
  ...SELECTION,
  ...SHAPE,
};

/** `relu_`, which writes into its argument, gives the same as `relu`. */
export const plainName = (name: string): string => (/[^_]_$/.test(name) ? name.slice(0, -1) : name);

export function atenFunction(name: string, overload = ''): AtenFunction | undefined {
  const own = plainName(name);
  for (const key of [`${own}.${overload}`, own]) if (Object.hasOwn(ATEN, key)) return ATEN[key];
  return undefined;
}

/** Functions that are an activation and nothing else: their layer shows what comes in as `before`. */
export const ACTIVATION_FUNCTIONS: ReadonlySet<string> = new Set(
  (
    'relu relu6 hardtanh clamp clamp_min leaky_relu prelu elu selu celu sigmoid tanh hardsigmoid hardswish silu mish ' +
    'softplus softsign gelu softmax _softmax log_softmax _log_softmax'
  ).split(' '),
);
