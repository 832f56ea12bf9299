import { damaged } from '../../failure.ts';
import { Unsupported, type Call, type LayerBuilder, type Made } from '../call.ts';
import type { KerasTensor } from '../tensor.ts';

/** The inputs with their axes in one common order. */
export function aligned(call: Call): readonly KerasTensor[] {
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

const concatenate: LayerBuilder = (call) => concatenation(call, call.number('axis', -1));

function concatenation(call: Call, axis: number): Made {
  const inputs = aligned(call);
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
}

const MODES: Readonly<Record<string, LayerBuilder>> = {
  sum: merging('Add', 'Sum'),
  mul: merging('Mul'),
  ave: merging('Mean', 'Mean'),
  max: merging('Max', 'Max'),
};

/** The one layer of Keras 1 for all of these. */
const merge: LayerBuilder = (call) => {
  const { mode, concat_axis: axis } = call.layer.settings;
  if (mode === 'concat') return concatenation(call, typeof axis === 'number' ? axis : -1);
  const name = typeof mode === 'string' && Object.hasOwn(MODES, mode) ? mode : undefined;
  if (name === undefined) throw new Unsupported(`Merge ${typeof mode === 'string' ? mode : 'by a function'}`);
  return MODES[name]!(call);
};

export const MERGE_LAYERS: Readonly<Record<string, LayerBuilder>> = {
  Add: merging('Add', 'Sum'),
  Subtract: merging('Sub'),
  Multiply: merging('Mul'),
  Average: merging('Mean', 'Mean'),
  Maximum: merging('Max', 'Max'),
  Minimum: merging('Min', 'Min'),
  Concatenate: concatenate,
  Merge: merge,
};
