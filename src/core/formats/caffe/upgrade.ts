import { damaged } from '../failure.ts';
import { Message } from './message.ts';
import { upgradeV0 } from './upgrade-v0.ts';

/** Types of 2013 and 2014 that are not the new ones in capitals with underscores (Caffe, `upgrade_proto.cpp`). */
const NEW_TYPES: Readonly<Record<string, string>> = {
  ABSVAL: 'AbsVal',
  ARGMAX: 'ArgMax',
  BNLL: 'BNLL',
  HDF5_DATA: 'HDF5Data',
  HDF5_OUTPUT: 'HDF5Output',
  LRN: 'LRN',
  MVN: 'MVN',
  RELU: 'ReLU',
  SOFTMAX_LOSS: 'SoftmaxWithLoss',
  TANH: 'TanH',
};

/** The layers of a net as today's Caffe writes them, whichever form the file has; those of one file are of one form. */
export function upgradedLayers(net: Message): Message[] {
  const layers = net.messages('layer');
  const old = net.messages('layers');
  if (old.length === 0) return layers;
  if (layers.length > 0) throw damaged("both 'layer' and 'layers'; only one of the two is allowed");
  const first = old.filter((layer) => layer.has('layer'));
  if (first.length > 0 && first.length < old.length)
    throw damaged("some of its 'layers' have a 'layer' inside and some have none; save it again with one Caffe");
  return first.length > 0 ? upgradeV0(old) : old.map(upgradeV1);
}

function upgradeV1(layer: Message): Message {
  const type = layer.text('type', 'NONE');
  return layer.with({
    type: [NEW_TYPES[type] ?? inWords(type)],
    param: layer.texts('param').map((name) => {
      const spec = new Message();
      spec.add('name', name);
      return spec;
    }),
  });
}

/** `INNER_PRODUCT` → `InnerProduct`. */
const inWords = (type: string): string =>
  type
    .split('_')
    .map((word) => word.slice(0, 1) + word.slice(1).toLowerCase())
    .join('');
