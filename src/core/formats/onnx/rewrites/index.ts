import { clip, gemm, movedAxes, nothing, pad, slice, split } from './arguments.ts';
import { cast, celu, cosh, gelu, mish, shrink, sinh, swish, tangent } from './functions.ts';
import { batchNormalization, groupNormalization, instanceNormalization, layerNormalization } from './normalization.ts';
import {
  lpNormalization,
  lpPool,
  reduceL1,
  reduceL2,
  reduceLogSum,
  reduceLogSumExp,
  reduceSumSquare,
} from './reductions.ts';
import { resize, upsample } from './resize.ts';
import type { Rewrite } from './rewrite.ts';
import { freeExpand, freeReshape, softmaxOfOneAxis, spaceToDepth } from './shapes.ts';
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
  LayerNormalization: layerNormalization,
  GroupNormalization: groupNormalization,
  LpNormalization: lpNormalization,
  LpPool: lpPool,
  ReduceL1: reduceL1,
  ReduceL2: reduceL2,
  ReduceSumSquare: reduceSumSquare,
  ReduceLogSum: reduceLogSum,
  ReduceLogSumExp: reduceLogSumExp,
  SpaceToDepth: spaceToDepth,
  Gelu: gelu,
  Swish: swish,
  Mish: mish,
  Celu: celu,
  Shrink: shrink,
  Tan: tangent,
  Sinh: sinh,
  Cosh: cosh,
  Cast: cast,
  Dropout: nothing,
  Identity: nothing,
};
