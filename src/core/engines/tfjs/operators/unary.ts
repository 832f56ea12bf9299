import { made, input, type Kernel, type KernelTable } from '../kernel.ts';

/** A kernel of one input that looks at each value alone: any layout will do. */
const each =
  (kernel: string, argument = 'x'): Kernel =>
  (run) => {
    const x = input(run, 0);
    return [made(run, run.device.run(kernel, { [argument]: x.get(x.layout) }), x.layout, x.dtype)];
  };

export const UNARY: KernelTable = {
  Relu: each('Relu'),
  Sigmoid: each('Sigmoid'),
  Tanh: each('Tanh'),
  Softplus: each('Softplus'),
  Exp: each('Exp'),
  Log: each('Log'),
  Sqrt: each('Sqrt'),
  Reciprocal: each('Reciprocal'),
  Neg: each('Neg'),
  Abs: each('Abs'),
  Sin: each('Sin'),
  Cos: each('Cos'),
  Erf: each('Erf'),
  Sign: each('Sign'),
  Floor: each('Floor'),
  Ceil: each('Ceil'),
  Round: each('Round'),
};
