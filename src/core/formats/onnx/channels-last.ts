import type { Tensor } from '../../graph/tensor.ts';
import { elements } from '../../graph/tensor.ts';
import type { FileNode } from './read.ts';

const TO_NCHW = '0,3,1,2';

/** What leaves every value at its place, where its second input is one number. */
const BY_NUMBER = /^(Add|Sub|Mul|Div)$/;

export const turns = ({ op, attributes }: FileNode): boolean =>
  op === 'Transpose' && String(attributes.perm) === TO_NCHW;

/**
 * The tensors that an input of N×H×W×C is until it is turned to N×C×H×W: itself, as floats, scaled. Undefined where it is not
 * turned, or something else is made of it before.
 */
export function untilTurned(
  input: string,
  nodes: readonly FileNode[],
  stored: ReadonlyMap<string, Tensor>,
): ReadonlySet<string> | undefined {
  const found = new Set([input]);
  let turned = false;
  for (const tensor of found)
    for (const node of nodes.filter(({ inputs }) => inputs.includes(tensor))) {
      if (turns(node)) turned = true;
      else if (/^(Cast|Identity)$/.test(node.op) || scales(node, stored)) found.add(node.outputs[0]!);
      else return undefined;
    }
  return turned ? found : undefined;
}

/** Whether a node shifts or scales values by one number, or by one for each channel. */
function scales(node: FileNode, stored: ReadonlyMap<string, Tensor>): boolean {
  const number = stored.get(node.inputs[1] ?? '');
  return BY_NUMBER.test(node.op) && number !== undefined && (elements(number.shape) === 1 || isPerChannel(number));
}

const isPerChannel = ({ shape }: Tensor): boolean => shape.length > 0 && elements(shape) === shape.at(-1);

/** The numbers by which an input is scaled, as they go with N×C×H×W: C×1×1; undefined where they go as they are. */
export function turnedNumbers(
  { inputs: [input, name] }: FileNode,
  turned: ReadonlySet<string>,
  stored: ReadonlyMap<string, Tensor>,
): Tensor | undefined {
  const numbers = turned.has(input ?? '') ? stored.get(name ?? '') : undefined;
  return numbers && elements(numbers.shape) > 1
    ? { ...numbers, data: numbers.data, shape: [elements(numbers.shape), 1, 1] }
    : undefined;
}
