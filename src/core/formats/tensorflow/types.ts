import type { DType } from '../../graph/tensor.ts';
import type { Draft } from '../draft.ts';

/** ONNX's numbers of the element types that `Cast` goes to. */
export const CAST_TO = { float32: 1, int64: 7, bool: 9 } as const;

const TRUTHS = /^(Equal|Greater|GreaterOrEqual|Less|LessOrEqual|Not|And|Or)$/;
const PLACES = /^(ArgMax|ArgMin|Shape)$/;
/** Operators whose result is of their first input's type; of all others it is floating point. */
const SAME =
  /^(Reshape|Transpose|Unsqueeze|Squeeze|Flatten|Slice|Split|Gather|Concat|Expand|Pad|Identity|Abs|Neg|Sign|Add|Sub|Mul|Div|Max|Min|Sum|Reduce(Sum|Max|Min|Prod)|MatMul)$/;

/** The element type of a tensor of the graph: whole numbers and truths come of some operators only. */
export function dtypeOf(draft: Draft, tensor: string): DType {
  for (let name = tensor; ;) {
    const constant = draft.constants.get(name);
    if (constant) return constant.dtype;
    const maker = draft.makers.get(name);
    if (!maker) return draft.inputs.find((input) => input.name === name)?.dtype ?? 'float32';
    const { op, inputs, attributes } = maker;
    if (TRUTHS.test(op)) return 'bool';
    if (PLACES.test(op) || (op === 'TopK' && maker.outputs[1] === name)) return 'int64';
    if (op === 'Cast') {
      const found = Object.entries(CAST_TO).find(([, to]) => to === attributes.to);
      return (found?.[0] as DType | undefined) ?? 'float32';
    }
    const from = inputs[op === 'Where' ? 1 : 0];
    if (from === undefined || !(op === 'Where' || SAME.test(op))) return 'float32';
    name = from;
  }
}
