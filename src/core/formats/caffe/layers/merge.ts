import type { LayerBuilder } from '../call.ts';

const concat: LayerBuilder = (call) => {
  const param = call.param('concat_param');
  const axis = call.axis(param.number('axis', param.number('concat_dim', 1)));
  return [call.add('Concat', call.inputs, { axis })];
};

export const MERGE_LAYERS: Readonly<Record<string, LayerBuilder>> = { Concat: concat };
