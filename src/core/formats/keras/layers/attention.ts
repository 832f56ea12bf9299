import { elements } from '../../../graph/tensor.ts';
import { damaged } from '../../failure.ts';
import { references } from '../config.ts';
import { Call, Unsupported, type Layout, type LayerBuilder } from '../call.ts';

/** What a call of the layer may say that it can't be written with. */
const REFUSED = ['attention_mask', 'query_mask', 'value_mask', 'key_mask', 'return_attention_scores'];

/** Query, value and key (the value, where none is given): those named in the call, the others in this order. */
function operands(call: Call): readonly [string, string, string] {
  const keywords = call.layer.keywords?.[call.index] ?? {};
  const refused = REFUSED.find(
    (name) => keywords[name] !== undefined && keywords[name] !== null && keywords[name] !== false,
  );
  if (refused !== undefined) throw new Unsupported(`MultiHeadAttention with ${refused}`);
  const named = Object.keys(keywords).filter((name) => references(keywords[name]).length > 0);
  const tensors = call.inputs.map((input) => call.plain(input).tensor);
  const given = new Map(named.map((name, i) => [name, tensors[tensors.length - named.length + i]!]));
  const places = tensors.slice(0, tensors.length - named.length);
  const [query, value, key] = ['query', 'value', 'key'].map((name, i) => given.get(name) ?? places[i]);
  if (query === undefined || value === undefined) throw damaged(`layer '${call.name}' has no query and value`);
  return [query, value, key ?? value];
}

/** A part of the layer has weights of its own, in a group of one of these names, as the file's version has it. */
function weightOf(call: Call, scopes: readonly string[], name: string, layout: Layout): string {
  const paths = scopes.map((scope) => [...call.path, scope]);
  const path = paths.find((candidate) => call.shared.weights.of(candidate).length > 0) ?? paths[0]!;
  const part = new Call(call.layer, call.name, path, call.inputs, call.shared, call.index);
  const constant = part.weight(name, call.flag('use_bias', true) ? ['kernel', 'bias'] : ['kernel'], layout);
  call.used.push(...part.used);
  return constant;
}

/** x · kernel + bias */
function projected(call: Call, x: string, scopes: readonly string[], layout: Layout): string {
  const product = call.add('MatMul', [x, weightOf(call, scopes, 'kernel', layout)], {}, scopes[0]!);
  if (!call.flag('use_bias', true)) return product;
  const bias = weightOf(call, scopes, 'bias', { shape: (sizes) => [elements(sizes)] });
  return call.add('Add', [product, bias], {}, `${scopes[0]}/bias`);
}

/** N×L×D to heads, N×heads×L×size. */
function inHeads(call: Call, x: string, part: string, heads: number, size: number): string {
  const layout: Layout = { shape: ([width]) => [width!, heads * size] };
  const all = projected(call, x, [part, `${part}_dense`, `_${part}_dense`], layout);
  const apart = call.add('Reshape', [all, call.ints([0, 0, heads, size])], {}, `${part}/heads`);
  return call.add('Transpose', [apart], { perm: [0, 2, 1, 3] }, `${part}/turned`);
}

/** softmax(Q·Kᵀ/√d)·V in each head, the heads joined (Vaswani 2017, §3.2), over the one axis of sequences, N×L×D. */
const multiHeadAttention: LayerBuilder = (call) => {
  const { attention_axes: axes, use_gate: gate, sliding_window: window } = call.layer.settings;
  if (call.inputs.some((input) => call.shape(input).length !== 3) || (axes && String(axes) !== '1') || gate || window)
    throw new Unsupported('MultiHeadAttention of other than sequences');
  const [heads, size] = [call.number('num_heads', 1), call.number('key_dim', 1)];
  const depth = call.number('value_dim', size);
  const [query, value, key] = operands(call);
  const [q, k] = [inHeads(call, query, 'query', heads, size), inHeads(call, key, 'key', heads, size)];
  const v = inHeads(call, value, 'value', heads, depth);
  const turned = call.add('Transpose', [k], { perm: [0, 1, 3, 2] }, 'keys');
  const products = call.add('MatMul', [q, turned], {}, 'products');
  const scores = call.add('Mul', [products, call.scalar(1 / Math.sqrt(size))], {}, 'scores');
  const shares = call.add('Softmax', [causal(call, scores)], { axis: -1 }, 'shares');
  const seen = call.add('MatMul', [shares, v], {}, 'seen');
  const back = call.add('Transpose', [seen], { perm: [0, 2, 1, 3] }, 'together');
  const joined = call.add('Reshape', [back, call.ints([0, 0, heads * depth])], {}, 'joined');
  const out = ['attention_output', 'output_dense', '_output_dense'];
  const tensor = projected(call, joined, out, { shape: ([h, d, o]) => [h! * d!, o!] });
  return { result: { tensor, channelsLast: false } };
};

/** Where the call asks for it, nothing sees what comes after it. */
function causal(call: Call, scores: string): string {
  if (call.layer.keywords?.[call.index]?.['use_causal_mask'] !== true) return scores;
  const [, , rows, columns] = call.shape({ tensor: scores, channelsLast: false }) as [number, number, number, number];
  const values = Array.from({ length: rows * columns }, (_, i) => (i % columns > Math.floor(i / columns) ? -1e9 : 0));
  return call.add('Add', [scores, call.filled('later', values, [rows, columns])], {}, 'causal');
}

export const ATTENTION_LAYERS: Readonly<Record<string, LayerBuilder>> = { MultiHeadAttention: multiHeadAttention };
