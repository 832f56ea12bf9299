import { damaged } from '../../failure.ts';
import type { Call, LayerBuilder } from '../call.ts';
import type { KerasTensor } from '../tensor.ts';

/** The inputs with their axes in one common order. */
function aligned(call: Call): readonly KerasTensor[] {
  if (call.inputs.length === 0) throw damaged(`layer '${call.name}' has no input`);
  const mixed = call.inputs.some(({ channelsLast }) => channelsLast !== call.inputs[0]!.channelsLast);
  return mixed ? call.inputs.map((input) => call.plain(input)) : call.inputs;
}

/** `pair` for two inputs, `many` for more; a chain of `pair` where there is no such operator. */
const merging =
  (pair: string, many?: string): LayerBuilder =>
  (call) => {
    const inputs = aligned(call);
    const [first, ...rest] = inputs as [KerasTensor, ...KerasTensor[]];
    if (many && (inputs.length !== 2 || pair === many))
      return {
        result: {
          ...first,
          tensor: call.add(
            many,
            inputs.map(({ tensor }) => tensor),
          ),
        },
      };
    const tensor = rest.reduce((sum, next, i) => {
      return call.add(pair, [sum, next.tensor], {}, i < rest.length - 1 ? `${pair}${i}` : '');
    }, first.tensor);
    return { result: { ...first, tensor } };
  };

const concatenate: LayerBuilder = (call) => {
  const inputs = aligned(call);
  const axis = call.number('axis', -1);
  const at = inputs[0] && call.knows(inputs[0]) ? call.axis(axis, inputs[0]) : 1;
  return {
    result: {
      ...inputs[0]!,
      tensor: call.add(
        'Concat',
        inputs.map(({ tensor }) => tensor),
        { axis: at },
      ),
    },
  };
};

export const MERGE_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  Add: merging('Add', 'Sum'),
  Subtract: merging('Sub'),
  Multiply: merging('Mul'),
  Average: merging('Mean', 'Mean'),
  Maximum: merging('Max', 'Max'),
  Minimum: merging('Min', 'Min'),
  Concatenate: concatenate,
};
