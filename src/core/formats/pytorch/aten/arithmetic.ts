import { writeAtan2 } from '../../atan2.ts';
import { isBatch, gives, type AtenTable, type Call } from './call.ts';

/** Two tensors, or a tensor and a number, broadcast against each other. */
const binary = (op: string) =>
  gives('self other', (call) => call.add(op, [call.operand('self'), call.operand('other')]));

/** self ± alpha · other */
const sum = (op: string, [left, right]: readonly [string, string]) =>
  gives('self other alpha', (call) => {
    const factor = call.number('alpha', 1);
    const scaled = (arg: string) =>
      arg === 'other' && factor !== 1
        ? call.add('Mul', [call.operand(arg), call.draft.scalar(factor)])
        : call.operand(arg);
    return call.add(op, [scaled(left), scaled(right)]);
  });

const divide = gives('self other rounding_mode', (call) => {
  if (call.has('rounding_mode')) call.refuse('a division that rounds');
  return call.add('Div', [call.operand('self'), call.operand('other')]);
});

/** Axes that are reduced; of all of them, where none are named. The batch is never among them. */
function reducedAxes(call: Call, x: string): number[] {
  const shape = call.shape(x);
  const given = call.numbers('dim', []);
  const axes = (given.length > 0 ? given : shape.map((_, axis) => axis)).map((axis) =>
    axis < 0 ? axis + shape.length : axis,
  );
  if (axes.some((axis) => isBatch(shape[axis]))) call.refuse('a sum over the batch');
  return axes;
}

const reduce = (op: string) =>
  gives('self dim keepdim', (call) => {
    const x = call.tensor('self');
    const keepdims = call.flag('keepdim') ? 1 : 0;
    return call.add(op, [x, call.draft.ints(reducedAxes(call, x))], { keepdims });
  });

/** The mean over a whole map is a pooling: so it is known as the end of a classifier. */
const mean = gives('self dim keepdim', (call) => {
  const x = call.tensor('self');
  const axes = reducedAxes(call, x);
  const shape = call.shape(x);
  const maps = shape.length === 4 && String([...axes].sort()) === '2,3';
  if (!maps) return call.add('ReduceMean', [x, call.draft.ints(axes)], { keepdims: call.flag('keepdim') ? 1 : 0 });
  const pooled = call.add('GlobalAveragePool', [x]);
  return call.flag('keepdim') ? pooled : call.reshape(pooled, [call.network.batch, shape[1]!]);
});

export const ARITHMETIC: AtenTable = {
  add: sum('Add', ['self', 'other']),
  sub: sum('Sub', ['self', 'other']),
  rsub: sum('Sub', ['other', 'self']),
  mul: binary('Mul'),
  div: divide,
  true_divide: divide,
  maximum: binary('Max'),
  minimum: binary('Min'),
  pow: gives('self exponent', (call) => call.add('Pow', [call.operand('self'), call.operand('exponent')])),
  atan2: gives('self other', (call) => {
    const scalar = (value: number) => call.draft.scalar(value);
    const add = (op: string, inputs: readonly string[]) => call.add(op, inputs);
    return writeAtan2({ add, scalar }, call.tensor('self'), call.tensor('other'));
  }),
  mean,
  sum: reduce('ReduceSum'),
  amax: reduce('ReduceMax'),
  amin: reduce('ReduceMin'),
  cumsum: gives('self dim', (call) => {
    const x = call.tensor('self');
    return call.add('CumSum', [x, call.draft.ints([call.axis('dim', call.shape(x).length)])]);
  }),
};
