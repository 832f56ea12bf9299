import { clip, gelu, gemm, movedAxes, nothing, pad, slice, split } from './arguments.ts';
import { batchNormalization, instanceNormalization } from './normalization.ts';
import { resize, upsample } from './resize.ts';
import type { Rewrite } from './rewrite.ts';
import { freeExpand, freeReshape, softmaxOfOneAxis } from './shapes.ts';
import { explicitPads, explicitTransposedPads } from './windows.ts';

/** By operator, how a node of opset 7–23 comes to the form of opset 18; the others have it already. */
export const REWRITES: Readonly<Record<string, Rewrite>> = {
  Conv: explicitPads,
  ConvTranspose: explicitTransposedPads,
  MaxPool: explicitPads,
  AveragePool: explicitPads,
  Clip: clip,
  Pad: pad,
  Slice: slice,
  Split: split,
  Squeeze: movedAxes,
  Unsqueeze: movedAxes,
  ReduceSum: movedAxes,
  ReduceMean: movedAxes,
  ReduceMax: movedAxes,
  ReduceMin: movedAxes,
  ReduceProd: movedAxes,
  Reshape: freeReshape,
  Expand: freeExpand,
  Softmax: softmaxOfOneAxis,
  LogSoftmax: softmaxOfOneAxis,
  Upsample: upsample,
  Resize: resize,
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  Gemm: gemm,
  Gelu: gelu,
  Dropout: nothing,
  Identity: nothing,
};
