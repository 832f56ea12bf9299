import { gives, type AtenTable, type Call } from './call.ts';

/** x·Wᵀ + b, W being O×I, on the last axis. */
function linear(call: Call): string {
  const [x, weight, bias] = [call.tensor('input'), call.tensor('weight'), call.optional('bias')];
  if (call.draft.shapes.get(x)?.length === 2 || !call.draft.shapes.has(x))
    return call.add('Gemm', bias === '' ? [x, weight] : [x, weight, bias], { transB: 1 });
  const product = call.add('MatMul', [x, transposed(call, weight)]);
  return bias === '' ? product : call.add('Add', [product, bias]);
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

const plain = gives('self other', (call) => product(call, call.tensor('self'), call.tensor('other')));
const named = gives('self mat2', (call) => product(call, call.tensor('self'), call.tensor('mat2')));

export const MATRIX: AtenTable = {
  linear: gives('input weight bias', linear),
  addmm: gives('self mat1 mat2 beta alpha', addmm),
  matmul: plain,
  mm: named,
  bmm: named,
  scaled_dot_product_attention: gives('query key value attn_mask dropout_p is_causal scale enable_gqa', attention),
};
