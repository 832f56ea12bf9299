import { type Call, type LayerBuilder, UnknownSetting } from '../call.ts';

/** More copies than this are not written out. */
const MOST_TILES = 64;

const concat: LayerBuilder = (call) => {
  const param = call.param('concat_param');
  const axis = call.axis(param.number('axis', param.number('concat_dim', 1)));
  if (axis === 0) throw new UnknownSetting('of images');
  return [call.add('Concat', call.inputs, { axis })];
};

const tile: LayerBuilder = (call) => {
  const param = call.param('tile_param');
  const axis = call.axis(param.number('axis', 1));
  const tiles = param.number('tiles', 0);
  if (axis === 0 || tiles > MOST_TILES) throw new UnknownSetting(`axis ${axis}, tiles ${tiles}`);
  if (!(tiles > 0)) throw call.wrong(`tiles ${tiles}`);
  return [call.add('Concat', new Array<string>(tiles).fill(call.input), { axis })];
};

/** Two by a binary operator, more of them by one after the other. */
const pairwise = (call: Call, op: string, inputs: readonly string[]): string =>
  inputs.slice(1).reduce((sum, next, i) => {
    const last = i === inputs.length - 2;
    return call.add(op, [sum, next], {}, last ? '' : `${op.toLowerCase()}${i + 1}`);
  }, inputs[0]!);

const eltwise: LayerBuilder = (call) => {
  const param = call.param('eltwise_param');
  const operation = param.text('operation', 'SUM');
  const { inputs } = call;
  if (inputs.length < 2) throw call.wrong(`${inputs.length} bottom(s); two or more were expected`);
  if (operation === 'MAX') return [call.add('Max', inputs)];
  if (operation === 'PROD') return [pairwise(call, 'Mul', inputs)];
  if (operation !== 'SUM') throw new UnknownSetting(operation);
  const factors = param.numbers('coeff');
  if (factors.length > 0 && factors.length !== inputs.length)
    throw call.wrong(`${factors.length} coeff for ${inputs.length} bottoms`);
  const terms = inputs.map((input, i) => {
    const factor = factors[i] ?? 1;
    return factor === 1 ? input : call.add('Mul', [input, call.scalar(factor)], {}, `term${i + 1}`);
  });
  return [pairwise(call, 'Add', terms)];
};

export const MERGE_LAYERS: Readonly<Record<string, LayerBuilder>> = { Concat: concat, Tile: tile, Eltwise: eltwise };
