import { listOf, without, type Rewrite, type Rewritten } from './rewrite.ts';

/** What older opsets say as attributes and newer ones as inputs. */
const moved =
  (attribute: string, index = 1): Rewrite<Rewritten> =>
  (node, context) => {
    const values = listOf(node, attribute);
    const inputs = [...node.inputs];
    if (values) {
      while (inputs.length < index) inputs.push('');
      inputs[index] = context.ints(values);
    }
    return { op: node.op, inputs, attributes: without(node, attribute) };
  };

export const movedAxes = moved('axes');

export const clip: Rewrite = (node, context) => {
  const bound = (name: string) =>
    typeof node.attributes[name] === 'number' ? context.float(node.attributes[name] as number) : '';
  const inputs = node.inputs.length > 1 ? node.inputs : [node.inputs[0]!, bound('min'), bound('max')];
  return { op: 'Clip', inputs: trimmed(inputs), attributes: {} };
};

export const pad: Rewrite = (node, context) => {
  const pads = listOf(node, 'pads') ?? listOf(node, 'paddings');
  if (!pads) return { op: 'Pad', inputs: node.inputs, attributes: node.attributes };
  const value = (node.attributes.value as number | undefined) ?? 0;
  const inputs = [node.inputs[0]!, context.ints(pads), ...(value === 0 ? [] : [context.float(value)])];
  return { op: 'Pad', inputs, attributes: without(node, 'pads', 'paddings', 'value') };
};

export const slice: Rewrite = (node, context) => {
  const starts = listOf(node, 'starts');
  const ends = listOf(node, 'ends');
  if (!starts || !ends) return { op: 'Slice', inputs: node.inputs, attributes: {} };
  const axes = listOf(node, 'axes') ?? starts.map((_, axis) => axis);
  // Exporters write the largest 64-bit number for the end, which no double is.
  const until = ends.map((end) => Math.min(end, Number.MAX_SAFE_INTEGER));
  return { op: 'Slice', inputs: [node.inputs[0]!, ...[starts, until, axes].map(context.ints)], attributes: {} };
};

export const split: Rewrite = (node, context) => {
  const { inputs, attributes } = moved('split')(node, context);
  const { num_outputs: _, ...rest } = attributes;
  return { op: 'Split', inputs, attributes: inputs[1] ? rest : { ...rest, num_outputs: node.outputs.length } };
};

/** Later opsets allow a batch only by the rank of the bias. */
export const gemm: Rewrite = (node) => ({
  op: 'Gemm',
  inputs: trimmed(node.inputs),
  attributes: without(node, 'broadcast'),
});

/** Inputs without the empty ones at the end. */
function trimmed(inputs: readonly string[]): readonly string[] {
  const last = inputs.findLastIndex((name) => name !== '');
  return inputs.slice(0, last + 1);
}

/** Nothing happens at inference. */
export const nothing: Rewrite = (node) => node.inputs[0]!;
