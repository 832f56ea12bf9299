import { damaged } from '../failure.ts';
import { Message, type Value } from './message.ts';

/** Types of the first Caffe, and the new ones (`upgrade_proto.cpp`). */
const TYPES: Readonly<Record<string, string>> = {
  accuracy: 'Accuracy',
  bnll: 'BNLL',
  concat: 'Concat',
  conv: 'Convolution',
  data: 'Data',
  dropout: 'Dropout',
  euclidean_loss: 'EuclideanLoss',
  flatten: 'Flatten',
  hdf5_data: 'HDF5Data',
  hdf5_output: 'HDF5Output',
  im2col: 'Im2col',
  images: 'ImageData',
  infogain_loss: 'InfogainLoss',
  innerproduct: 'InnerProduct',
  lrn: 'LRN',
  multinomial_logistic_loss: 'MultinomialLogisticLoss',
  pool: 'Pooling',
  relu: 'ReLU',
  sigmoid: 'Sigmoid',
  softmax: 'Softmax',
  softmax_loss: 'SoftmaxWithLoss',
  split: 'Split',
  tanh: 'TanH',
  window_data: 'WindowData',
};

/** Where the settings of a type went: the old field, the new one, the message that has it. */
const SETTINGS: Readonly<Record<string, readonly [parameter: string, fields: Readonly<Record<string, string>>]>> = {
  Convolution: [
    'convolution_param',
    {
      num_output: 'num_output',
      biasterm: 'bias_term',
      pad: 'pad',
      kernelsize: 'kernel_size',
      group: 'group',
      stride: 'stride',
    },
  ],
  InnerProduct: ['inner_product_param', { num_output: 'num_output', biasterm: 'bias_term' }],
  Pooling: ['pooling_param', { pool: 'pool', pad: 'pad', kernelsize: 'kernel_size', stride: 'stride' }],
  LRN: ['lrn_param', { local_size: 'local_size', alpha: 'alpha', beta: 'beta', k: 'k' }],
  Concat: ['concat_param', { concat_dim: 'concat_dim' }],
};

const TRANSFORM = { scale: 'scale', meanfile: 'mean_file', cropsize: 'crop_size' };

/** The layers of a net of the first Caffe: a `layer` inside each of the `layers`; paddings go into what takes them. */
export function upgradeV0(connections: readonly Message[]): Message[] {
  const paddings = new Map<string, Message>();
  const made: Message[] = [];
  for (const connection of connections) {
    const old = connection.message('layer');
    if (old.text('type', '') === 'padding') paddings.set(connection.text('top', ''), connection);
    else made.push(padded(connection, paddings));
  }
  return made.map(upgrade);
}

/** A layer that takes a padding's output takes the padding's input and has its `pad`. */
function padded(connection: Message, paddings: ReadonlyMap<string, Message>): Message {
  const bottom = connection.text('bottom', '');
  const padding = paddings.get(bottom);
  if (!padding) return connection;
  const old = connection.message('layer');
  const type = old.text('type', '');
  if (type !== 'conv' && type !== 'pool')
    throw damaged(`layer '${old.text('name', '')}' (${type}) takes a padding; a convolution or pooling was expected`);
  const pad = padding.message('layer').number('pad', 0);
  return connection.with({ bottom: padding.texts('bottom'), layer: [old.with({ pad: [pad] })] });
}

function upgrade(connection: Message): Message {
  const old = connection.message('layer');
  const type = TYPES[old.text('type', '')] ?? old.text('type', '');
  const [parameter, fields] = SETTINGS[type] ?? ['transform_param', TRANSFORM];
  const image = type === 'ImageData' && { image_data_param: [renamed(old, SAME_SIZES)] };
  return connection.with({
    name: old.texts('name'),
    type: [type],
    blobs: old.all('blobs'),
    layer: [],
    [parameter]: [renamed(old, fields)],
    ...image,
  });
}

const SAME_SIZES = { new_height: 'new_height', new_width: 'new_width' };

function renamed(old: Message, fields: Readonly<Record<string, string>>): Message {
  const made: Record<string, readonly Value[]> = {};
  for (const [from, to] of Object.entries(fields)) made[to] = old.all(from);
  return new Message().with(made);
}
