import { describe, expect, it } from 'vitest';
import { AutomaticNames } from '../../../src/extension/code/keras-names.ts';

/** As Keras 3.15 names them, each made twice. */
const NAMES =
  `Conv2D conv2d; Conv2DTranspose conv2d_transpose; DepthwiseConv2D depthwise_conv2d; SeparableConv2D separable_conv2d;
  MaxPooling2D max_pooling2d; GlobalAveragePooling2D global_average_pooling2d; ZeroPadding2D zero_padding2d;
  UpSampling2D up_sampling2d; BatchNormalization batch_normalization; ReLU re_lu; PReLU p_re_lu; LeakyReLU leaky_re_lu;
  ELU elu; SpatialDropout2D spatial_dropout2d; LSTM lstm; GRU gru; SimpleRNN simple_rnn; RepeatVector repeat_vector`
    .split(';')
    .map((pair) => pair.trim().split(' ') as [string, string]);

describe('automatic names', () => {
  it.each(NAMES)('%s is %s', (kind, name) => {
    const names = new AutomaticNames();
    expect([names.next(kind), names.next(kind), names.next(kind)]).toEqual([[name], [`${name}_1`], [`${name}_2`]]);
  });

  it('inputs have one name in Keras 3 and another in Keras 2', () => {
    const names = new AutomaticNames();
    expect([names.next('InputLayer'), names.next('InputLayer')]).toEqual([
      ['input_layer', 'input_1'],
      ['input_layer_1', 'input_2'],
    ]);
  });

  it('a class that was lost has none, the others go on', () => {
    const names = new AutomaticNames();
    names.lose('Conv2D');
    expect([names.next('Conv2D'), names.next('Dense')]).toEqual([[], ['dense']]);
  });
});
