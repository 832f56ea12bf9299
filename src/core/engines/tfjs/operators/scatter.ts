import { number, text } from '../../../graph/operator.ts';
import { axisIn, input, made, type KernelTable } from '../kernel.ts';

type Reduction = (old: number, added: number) => number;

const REDUCTIONS: Readonly<Record<string, Reduction>> = {
  none: (_, value) => value,
  add: (old, value) => old + value,
  mul: (old, value) => old * value,
  max: Math.max,
  min: Math.min,
};

export const SCATTER: KernelTable = {
  /** Each update goes to its own position, but along `axis` to the one that its index names. */
  ScatterElements(run) {
    const [data, indices, updates] = [input(run, 0), input(run, 1), input(run, 2)];
    const axis = axisIn('onnx', number(run.node, 'axis', 0), data.shape.length);
    const reduce = REDUCTIONS[text(run.node, 'reduction', 'none')]!;
    const tensors = [data, indices, updates].map((value) => value.get('onnx'));
    const flat = data.shape.length === 1;
    const tensor = run.device.compute('float32', data.shape, tensors, (out, from, at, values) => {
      out.set(from!);
      const size = data.shape[axis]!;
      if (flat && reduce === REDUCTIONS['add'])
        for (let i = 0; i < values!.length; i++) out[at![i]! < 0 ? at![i]! + size : at![i]!]! += values![i]!;
      else
        eachPosition(indices.shape, data.shape, axis, (i, base, stride) => {
          const position = base + (at![i]! < 0 ? at![i]! + size : at![i]!) * stride;
          out[position] = reduce(out[position]!, values![i]!);
        });
    });
    return [made(run, tensor)];
  },
};

/** For each index of `shape`: where its row along `axis` begins in the data, and the step along it. */
export function eachPosition(
  shape: readonly number[],
  data: readonly number[],
  axis: number,
  visit: (i: number, base: number, stride: number) => void,
): void {
  const strides = data.map((_, a) => data.slice(a + 1).reduce((x, y) => x * y, 1));
  const total = shape.reduce((x, y) => x * y, 1);
  for (let i = 0; i < total; i++) {
    let rest = i;
    let base = 0;
    for (let a = shape.length - 1; a >= 0; a--) {
      if (a !== axis) base += (rest % shape[a]!) * strides[a]!;
      rest = Math.floor(rest / shape[a]!);
    }
    visit(i, base, strides[axis]!);
  }
}
