import { describe, expect, it } from 'vitest';
import { blocks } from '../../../src/core/blocks.ts';

const grouped = (names: string[]) => Object.fromEntries(blocks(names));

describe('blocks', () => {
  it('groups paths by their beginning', () => {
    expect(
      grouped(['data', 'conv1', 'fire2/squeeze', 'fire2/concat', 'fire3/squeeze', 'fire3/concat', 'prob']),
    ).toEqual({
      'fire2/squeeze': 'fire2',
      'fire2/concat': 'fire2',
      'fire3/squeeze': 'fire3',
      'fire3/concat': 'fire3',
    });
  });

  it('looks into a prefix that holds most of the network', () => {
    expect(grouped(['/net/b1/Conv', '/net/b1/Relu', '/net/b2/Conv', '/net/b2/Relu', '/head/Gemm'])).toEqual({
      '/net/b1/Conv': '/net/b1',
      '/net/b1/Relu': '/net/b1',
      '/net/b2/Conv': '/net/b2',
      '/net/b2/Relu': '/net/b2',
    });
  });

  it('groups the module paths of PyTorch; a list that is most of the network is no block', () => {
    expect(
      grouped(['features.0', 'features.1', 'features.3.squeeze', 'features.3.cat', 'features.4', 'classifier.1']),
    ).toEqual({ 'features.3.squeeze': 'features.3', 'features.3.cat': 'features.3' });
    expect(grouped(['conv1', 'layer1.0.conv1', 'layer1.0.add', 'layer2.0.conv1', 'layer2.1.conv1', 'fc'])).toEqual({
      'layer1.0.conv1': 'layer1',
      'layer1.0.add': 'layer1',
      'layer2.0.conv1': 'layer2',
      'layer2.1.conv1': 'layer2',
    });
  });

  it('knows the numbered prefixes of Keras', () => {
    expect(
      grouped(['fire2_squeeze', 'fire2_concat', 'conv_pw_1_relu', 'conv_pw_1_bn', 'block_3_add', 'block_3_project']),
    ).toEqual({
      fire2_squeeze: 'fire2',
      fire2_concat: 'fire2',
      conv_pw_1_relu: 'conv_pw_1',
      conv_pw_1_bn: 'conv_pw_1',
      block_3_add: 'block_3',
      block_3_project: 'block_3',
    });
  });

  it('leaves layers alone that only Keras has counted', () => {
    expect(grouped(['conv2d_1', 'conv2d_2', 'max_pooling2d_1', 'dense_1', 'dense_2', 'conv_1_1', 'relu_1_1'])).toEqual(
      {},
    );
  });
});
