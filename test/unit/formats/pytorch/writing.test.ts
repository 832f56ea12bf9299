import { describe, expect, it } from 'vitest';
import { AtenImporter, type AtenCall } from '../../../../src/core/formats/pytorch/aten/importer.ts';
import { Network } from '../../../../src/core/formats/pytorch/aten/network.ts';
import { TensorRef, tensorsIn, type AtenValue } from '../../../../src/core/formats/pytorch/aten/values.ts';
import { BATCH, producers } from '../../../../src/core/graph/graph.ts';

function importer() {
  const network = new Network(1, true);
  const x = new TensorRef(network.draft.input('x', [BATCH, 4, 3, 3]));
  const made = new AtenImporter(network);
  const call = (name: string, ...args: AtenValue[]): AtenValue => {
    const one: AtenCall = { name, args, named: new Map(), module: '' };
    return made.take(one);
  };
  const inputsOf = (value: AtenValue) => producers(network.draft.graph()).get(tensorsIn(value)[0]!)!.inputs;
  return { made, x, call, inputsOf };
}

describe('functions that write into their argument', () => {
  it('change it for all that comes after', () => {
    const { made, x, call, inputsOf } = importer();
    const a = call('neg', x);
    const b = call('relu_', a);
    expect(inputsOf(call('exp', a))).toEqual(tensorsIn(b));
    expect(made.unknown).toEqual([]);
  });

  it('several times', () => {
    const { x, call, inputsOf } = importer();
    const a = call('neg', x);
    call('relu_', a);
    const last = call('sigmoid_', a);
    expect(inputsOf(call('add', a, a))).toEqual([...tensorsIn(last), ...tensorsIn(last)]);
  });

  it('leave what they are a view of unknown', () => {
    const { made, x, call, inputsOf } = importer();
    const part = call('slice', x, 1, 0, 2);
    const written = call('relu_', part);
    expect(inputsOf(call('exp', part))).toEqual(tensorsIn(written));
    const whole = inputsOf(call('exp', x));
    expect(whole).not.toEqual(['x']);
    expect(made.unknown).toEqual([{ op: 'aten.relu_', node: 'x/written' }]);
  });

  it('do nothing where they give their argument back', () => {
    const { x, call, inputsOf } = importer();
    call('dropout_', x, 0.5, false);
    expect(inputsOf(call('exp', x))).toEqual(['x']);
  });
});
