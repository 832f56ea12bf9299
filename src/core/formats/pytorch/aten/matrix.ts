import { gives, type AtenTable, type Call } from './call.ts';
import { TensorRef } from './values.ts';

/** x·Wᵀ + b, W being O×I, on the last axis. */
function linear(call: Call): string {
  const [x, weight, bias] = [call.tensor('input'), call.tensor('weight'), call.optional('bias')];
  if (call.draft.shapes.get(x)?.length === 2 || !call.draft.shapes.has(x))
    return call.add('Gemm', bias === '' ? [x, weight] : [x, weight, bias], { transB: 1 });
  return project(call, x, weight, bias);
}

/** A matrix (or several) with its last two axes swapped. */
export function transposed(call: Call, matrix: string): string {
  const axes = call.shape(matrix).map((_, axis) => axis);
  const perm = [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!];
  return call.network.turned(matrix, perm) ?? call.add('Transpose', [matrix], { perm });
}

/** A layer's weights stay as they are in the file: they are turned by the operator. */
function product(call: Call, a: string, b: string): string {
  const weight = call.network.beforeTurning(b);
  const plain = call.draft.shapes.get(a)?.length === 2;
  return weight !== undefined && plain ? call.add('Gemm', [a, weight], { transB: 1 }) : call.add('MatMul', [a, b]);
}

function addmm(call: Call): string {
  const [bias, a, b] = [call.tensor('self'), call.tensor('mat1'), call.tensor('mat2')];
  const factors = { alpha: call.number('alpha', 1), beta: call.number('beta', 1) };
  const weight = call.network.beforeTurning(b);
  return call.add('Gemm', [a, weight ?? b, bias], { ...factors, ...(weight !== undefined && { transB: 1 }) });
}

/** softmax(q·kᵀ/√d + mask)·v (Vaswani et al. 2017, §3.2.1). */
function attention(call: Call): string {
  if (call.flag('is_causal') || call.flag('enable_gqa')) call.refuse('a causal mask');
  const [query, key, value] = [call.tensor('query'), call.tensor('key'), call.tensor('value')];
  const scale = call.number('scale', 1 / Math.sqrt(call.shape(query).at(-1)!));
  const scaled = call.add('Mul', [query, call.draft.scalar(scale)]);
  const scores = call.add('MatMul', [scaled, transposed(call, key)]);
  const masked = call.has('attn_mask') ? call.add('Add', [scores, call.tensor('attn_mask')]) : scores;
  return call.add('MatMul', [call.add('Softmax', [masked], { axis: -1 }), value]);
}

/** An affine map of the last axis, N×T×I to N×T×O. */
function project(call: Call, x: string, weight: string, bias: string): string {
  const product = call.add('MatMul', [x, transposed(call, weight)]);
  return bias === '' ? product : call.add('Add', [product, bias]);
}

/** Attention of N×T×D over itself, as `torch.nn.MultiheadAttention` runs it at inference: all projections in one. */
function multiHeadAttention(call: Call): string {
  const x = call.tensor('query');
  if (call.has('mask') || call.tensor('key') !== x || call.tensor('value') !== x) call.refuse('a mask, or other keys');
  const [n, length, width] = call.shape(x) as readonly [number, number, number];
  const heads = call.whole('num_head');
  const { draft } = call;
  const all = project(call, x, call.tensor('qkv_weight'), call.optional('qkv_bias'));
  const [query, key, value] = [0, 1, 2].map((part) => {
    const range = [part * width, (part + 1) * width, 2].map((at) => draft.ints([at]));
    const own = call.reshape(call.add('Slice', [all, ...range]), [n, length, heads, width / heads]);
    return call.add('Transpose', [own], { perm: [0, 2, 1, 3] });
  }) as [string, string, string];
  const scaled = call.add('Mul', [query, draft.scalar(1 / Math.sqrt(width / heads))]);
  const weights = call.add('Softmax', [call.add('MatMul', [scaled, transposed(call, key)])], { axis: -1 });
  const mixed = call.add('Transpose', [call.add('MatMul', [weights, value])], { perm: [0, 2, 1, 3] });
  const joined = call.reshape(mixed, [n, length, width]);
  return project(call, joined, call.tensor('proj_weight'), call.optional('proj_bias'));
}

const plain = gives('self other', (call) => product(call, call.tensor('self'), call.tensor('other')));
const named = gives('self mat2', (call) => product(call, call.tensor('self'), call.tensor('mat2')));

export const MATRIX: AtenTable = {
  linear: gives('input weight bias', linear),
  addmm: gives('self mat1 mat2 beta alpha', addmm),
  _native_multi_head_attention: {
    parameters: 'query key value embed_dim num_head qkv_weight qkv_bias proj_weight proj_bias mask need_weights'.split(
      ' ',
    ),
    write: (call) => [new TensorRef(multiHeadAttention(call)), null],
  },
  matmul: plain,
  mm: named,
  bmm: named,
  scaled_dot_product_attention: gives('query key value attn_mask dropout_p is_causal scale enable_gqa', attention),
};
