import { BATCH, type GraphInput } from '../../graph/graph.ts';
import type { DType, Tensor } from '../../graph/tensor.ts';
import type { Layout } from '../../model.ts';
import { damaged } from '../failure.ts';
import { untilTurned } from './channels-last.ts';
import { ownSize } from './opening.ts';
import { DATA_TYPE, toNumber, type GraphProto, type ValueInfoProto } from './proto.ts';
import type { FileNode } from './read.ts';
import { graphType } from './tensors.ts';

export interface FileInput extends GraphInput {
  readonly layout: Layout;
  /** The batch size that the file fixes. */
  readonly batch: number | undefined;
  /** Whether it takes whole numbers from 0 to 255: here floats, as all pictures are. */
  readonly bytes: boolean;
  /** Of one with its channels last: all that it is until the network turns it. */
  readonly turned?: ReadonlySet<string>;
}

type Size = readonly [height: number, width: number];

/** Height and width where a file leaves them open: the most usual ones. */
const OPEN_SIZE = 224;

/** Others that networks are made for, in the order in which they are tried where those don't fit: `Reshape` tells sizes too. */
const OTHER_HEIGHTS = [32, 48, 64, 96, 128, 256, 299, 320, 384, 416, 448, 512, 640];
export const OPEN_SIZES: readonly Size[] = [
  [OPEN_SIZE, OPEN_SIZE],
  // What is as low as a line of text is as wide as one, where it may be.
  ...OTHER_HEIGHTS.flatMap((height): Size[] => [
    [height, OPEN_SIZE],
    [height, height],
  ]),
];

/** The inputs that are not initializers too, with their batch free, and of `size` where that is open; says in `warnings` what was assumed. */
export function readInputs(
  graph: GraphProto,
  nodes: readonly FileNode[],
  stored: ReadonlyMap<string, Tensor>,
  warnings: string[],
  size: Size = OPEN_SIZES[0]!,
): FileInput[] {
  const inputs = (graph.input ?? []).filter(({ name }) => name && !stored.has(name));
  return inputs.map((input) => readInput(input, nodes, stored, warnings, size));
}

function readInput(
  input: ValueInfoProto,
  nodes: readonly FileNode[],
  stored: ReadonlyMap<string, Tensor>,
  warnings: string[],
  size: Size,
): FileInput {
  const name = input.name!;
  const takers = nodes.filter((node) => node.inputs.includes(name));
  const sizes = sizesOf(input) ?? assumedSizes(name, takers);
  const batch = sizes.length > 1 || sizes[0] === undefined ? sizes[0] : undefined;
  const turned = sizes.length === 4 ? untilTurned(name, nodes, stored) : undefined;
  const channelsLast = turned !== undefined;
  const resized = ownSize(turned ?? new Set([name]), nodes, stored);
  const open: number[] = [];
  let shape = sizes.map((given, axis) => {
    if (axis === 0 && (sizes.length > 1 || given === undefined)) return BATCH;
    if (given !== undefined) return given;
    open.push(axis);
    if (sizes.length !== 4) return OPEN_SIZE;
    const [channels, top] = channelsLast ? [3, 1] : [1, 2];
    return axis === channels ? openChannels(takers, stored) : (resized ?? size)[axis - top]!;
  });
  if (channelsLast) shape = [shape[0]!, shape[3]!, shape[1]!, shape[2]!];
  if (shape.some((size) => size !== BATCH && (!Number.isSafeInteger(size) || size < 1)))
    throw damaged(`input '${name}' has the shape [${shape.join(', ')}]; sizes of one or more were expected`);
  if (open.length > 0 && !resized)
    warnings.push(`Input '${name}' leaves sizes open; ${shape.slice(1).join('×')} is taken.`);
  const layout = channelsLast ? 'NHWC' : shape.length === 4 ? 'NCHW' : 'NF';
  const dtype = dtypeOf(input);
  const bytes = input.type?.tensorType?.elemType === DATA_TYPE.uint8 && shape.length === 4;
  return { name, shape, dtype: bytes ? 'float32' : dtype, layout, batch, bytes, ...(turned && { turned }) };
}

/** Undefined where the file says no shape; a size is undefined where it is open. */
function sizesOf(input: ValueInfoProto): (number | undefined)[] | undefined {
  return input.type?.tensorType?.shape?.dim?.map((dim) => {
    const size = Object.hasOwn(dim, 'dimValue') ? toNumber(dim.dimValue) : 0;
    return size > 0 ? size : undefined;
  });
}

function assumedSizes(name: string, takers: readonly FileNode[]): (number | undefined)[] {
  if (takers.some(({ op }) => op === 'Conv')) return [undefined, undefined, undefined, undefined];
  throw damaged(`input '${name}' has no shape; export the model with one`);
}

function openChannels(takers: readonly FileNode[], stored: ReadonlyMap<string, Tensor>): number {
  const convolution = takers.find(({ op }) => op === 'Conv');
  const weights = stored.get(convolution?.inputs[1] ?? '');
  return weights ? weights.shape[1]! * Number(convolution?.attributes.group ?? 1) : 3;
}

function dtypeOf(input: ValueInfoProto): DType {
  const type = input.type?.tensorType?.elemType;
  const dtype = type ? graphType(type) : 'float32';
  if (!dtype) throw damaged(`input '${input.name}' has the element type ${type}, which is no number`);
  return dtype;
}
