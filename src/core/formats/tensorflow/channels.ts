import { nodeOf, type Importer } from './import.ts';
import type { FileInput } from './inputs.ts';
import type { Body } from './library.ts';

/** What pictures pass with all their channels. */
const KEEPING =
  /^(Cast|Identity|EnsureShape|StopGradient|Sub|Mul|Add|AddV2|RealDiv|BiasAdd|Maximum|Minimum|Pad|PadV2|MirrorPad|Resize.*|FusedBatchNorm.*)$/;

const CONVOLUTION = /^(_Fused)?Conv2D$|^(_?Fused)?DepthwiseConv2d/;

/** An input whose channels the file leaves open, with as many as the first convolution of it has weights for (H×W×I×O). */
export function withChannels<I extends FileInput & { readonly tensor: string }>(
  input: I,
  body: Body,
  reader: Importer,
): I {
  const sizes = input.sizes ?? [-1, -1, -1, -1];
  const axis = reader.state.channelsLast ? 3 : 1;
  if (sizes.length !== 4 || sizes[axis] !== -1) return input;
  const passed = new Set([nodeOf(input.tensor)]);
  for (const name of passed)
    for (const { op, name: taker, inputs } of body.nodes) {
      if (!inputs.some((one) => nodeOf(one) === name)) continue;
      if (KEEPING.test(op)) passed.add(taker);
      if (!CONVOLUTION.test(op) || nodeOf(inputs[0]!) !== name) continue;
      const [kernel] = reader.run(body, [inputs[1] ?? ''], new Map());
      const channels = kernel?.kind === 'known' ? kernel.value.shape[2] : undefined;
      if (channels) return { ...input, sizes: sizes.map((size, at) => (at === axis ? channels : size)) };
    }
  return input;
}
