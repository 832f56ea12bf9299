import { gives, isBatch, type AtenFunction, type AtenTable, type Call } from './call.ts';
import { TensorRef } from './values.ts';

/** The axis that is chosen along; images are not chosen among. */
function axisOf(call: Call, x: string, fallback?: number): number {
  const shape = call.shape(x);
  if (!call.has('dim') && fallback === undefined) call.refuse('a choice among all values');
  const axis = call.axis('dim', shape.length, fallback);
  if (isBatch(shape[axis])) call.refuse('a choice among images');
  return axis;
}

const place = (op: string) => (call: Call) => {
  const x = call.tensor('self');
  return call.add(op, [x], { axis: axisOf(call, x), keepdims: call.flag('keepdim') ? 1 : 0 });
};

/** Of two tensors the larger (smaller) values; along an axis the extreme ones, and where they are. */
const extreme = (values: string, reduction: string, places: string): AtenFunction => ({
  parameters: ['self', 'dim', 'keepdim'],
  write(call) {
    const x = call.tensor('self');
    const other = call.args.get('dim') ?? call.args.get('other');
    if (other instanceof TensorRef) return new TensorRef(call.add(values, [x, other.name]));
    const keepdims = call.flag('keepdim') ? 1 : 0;
    const found = call.add(reduction, [x, call.draft.ints([axisOf(call, x)])], { keepdims });
    return [new TensorRef(found), new TensorRef(place(places)(call))];
  },
});

/** The `k` largest (smallest) values along an axis, and where they are. */
const largest: AtenFunction = {
  parameters: ['self', 'k', 'dim', 'largest', 'sorted'],
  write(call) {
    const x = call.tensor('self');
    const attributes = { axis: axisOf(call, x, -1), largest: call.flag('largest', true) ? 1 : 0 };
    const { draft, name } = call;
    const outputs = [draft.unique(name), draft.unique(name)];
    const made = draft.addNode('TopK', [x, draft.ints([call.whole('k')])], outputs, attributes, name);
    return made.map((tensor) => new TensorRef(tensor));
  },
};

export const SELECTION: AtenTable = {
  argmax: gives('self dim keepdim', place('ArgMax')),
  argmin: gives('self dim keepdim', place('ArgMin')),
  max: extreme('Max', 'ReduceMax', 'ArgMax'),
  min: extreme('Min', 'ReduceMin', 'ArgMin'),
  topk: largest,
  gather: gives('self dim index', (call) => {
    const x = call.tensor('self');
    return call.add('GatherElements', [x, call.tensor('index')], { axis: axisOf(call, x) });
  }),
};
