import { BATCH, type Shape } from '../../graph/graph.ts';
import type { ModelInput } from '../../model.ts';
import { damaged } from '../failure.ts';
import { TO_NCHW } from '../keras/tensor.ts';
import type { Importer } from './import.ts';
import { text, type OpNode } from './node.ts';
import { computed, type Result } from './result.ts';

/** Height and width where a file leaves them open: the most usual ones. */
const OPEN_SIZE = 224;

/** An input of the network, as the file declares it. */
export interface FileInput {
  /** What the model's input is called. */
  readonly name: string;
  /** −1 where a size is open; undefined where even the number of axes is. */
  readonly sizes: readonly number[] | undefined;
  /** Whether it takes whole numbers from 0 to 255. */
  readonly bytes?: boolean;
}

/** What goes into a graph and comes out of it; tensors as `node:index`. */
export interface Ends {
  readonly inputs: readonly (FileInput & { readonly tensor: string })[];
  readonly outputs: readonly string[];
}

/** The batch size that the inputs fix; 1 where it is open. */
export const batchOf = (inputs: readonly FileInput[]): number => Math.max(1, inputs[0]?.sizes?.[0] ?? 1);

/** Whether images are N×H×W×C: what most convolutions say, and TensorFlow's default. */
export function channelsLast(nodes: Iterable<OpNode>): boolean {
  let [last, first] = [0, 0];
  for (const node of nodes)
    if (/Conv2D|Conv2d|Pool$|FusedBatchNorm/.test(node.op)) {
      if (text(node, 'data_format', 'NHWC') === 'NCHW') first++;
      else last++;
    }
  return last >= first;
}

/** Adds an input to the graph; its batch is free unless `fixed`. */
export function addInput(
  { draft, state }: Importer,
  { name, sizes }: FileInput,
  fixed: boolean,
  warnings: string[],
): { readonly input: ModelInput; readonly result: Result } {
  const open = sizes ?? [BATCH, BATCH, BATCH, 3];
  if (open.length === 0 || open.some((size) => !Number.isSafeInteger(size) || (size < 1 && size !== -1)))
    throw damaged(`input '${name}' has the shape [${open.join(', ')}]; sizes of one or more were expected`);
  const image = open.length === 4 && state.channelsLast;
  const known = open.map((size, axis) => {
    if (axis === 0) return fixed ? state.batch : BATCH;
    return size === -1 ? openSize(axis, open.length, state.channelsLast) : size;
  });
  if (open.slice(1).includes(-1))
    warnings.push(`Input '${name}' leaves sizes open; ${known.slice(1).join('×')} is taken.`);
  const shape: Shape = image ? TO_NCHW.map((axis) => known[axis]!) : known;
  const tensor = draft.input(name, shape);
  const layout = image ? 'NHWC' : shape.length === 4 ? 'NCHW' : 'NF';
  return { input: { name: tensor, shape, layout }, result: computed(tensor, image) };
}

function openSize(axis: number, rank: number, last: boolean): number {
  return rank === 4 && axis === (last ? 3 : 1) ? 3 : OPEN_SIZE;
}
