import { strToU8, zipSync } from 'fflate';
import { describe, it } from 'vitest';
import { survives } from './damage.ts';
import { h5File, ramp, sequential } from './files.ts';

const network = sequential([
  { class_name: 'Conv2D', config: { name: 'conv', batch_input_shape: [null, 8, 8, 1], kernel_size: [3, 3] } },
  { class_name: 'Rescaling', config: { name: 'scale', scale: 0.5, offset: 1 } },
  { class_name: 'Flatten', config: { name: 'flat' } },
  { class_name: 'Dense', config: { name: 'dense', activation: 'softmax' } },
]);

const floats = (...shape: number[]) => ({ data: Float32Array.from(ramp(...shape).values), shape });

/** As Keras 3 numbers weights. */
const numbered = () =>
  h5File(undefined, {}, (file) => {
    const layers = file.create_group('layers');
    const conv = layers.create_group('conv2d').create_group('vars');
    conv.create_dataset({ name: '0', ...floats(3, 3, 1, 4) });
    conv.create_dataset({ name: '1', ...floats(4) });
    const dense = layers.create_group('dense').create_group('vars');
    dense.create_dataset({ name: '0', ...floats(144, 5) });
    dense.create_dataset({ name: '1', ...floats(5) });
  });

/** As Keras 1 names layers' settings and weights. */
const old = () =>
  h5File(undefined, {}, (file) => {
    const conv = { nb_filter: 4, nb_row: 3, nb_col: 3, border_mode: 'same', dim_ordering: 'th', subsample: [1, 1] };
    const config = {
      class_name: 'Sequential',
      config: [
        { class_name: 'Convolution2D', config: { name: 'conv', batch_input_shape: [null, 1, 8, 8], ...conv } },
        { class_name: 'ZeroPadding2D', config: { name: 'pad', padding: { top_pad: 1 } } },
        { class_name: 'BatchNormalization', config: { name: 'norm', mode: 0, axis: 1 } },
      ],
    };
    file.create_attribute('model_config', JSON.stringify(config));
    const root = file.create_group('model_weights');
    root.create_attribute('layer_names', ['conv', 'pad', 'norm']);
    const group = root.create_group('conv');
    group.create_attribute('weight_names', ['conv_W', 'conv_b']);
    group.create_dataset({ name: 'conv_W', ...floats(4, 1, 3, 3) });
    group.create_dataset({ name: 'conv_b', ...floats(4) });
    const norm = root.create_group('norm');
    const names = ['gamma', 'beta', 'running_mean', 'running_std'].map((part) => `norm_${part}`);
    norm.create_attribute('weight_names', names);
    for (const name of names) norm.create_dataset({ name, ...floats(4) });
  });

describe('damaged files of Keras', () => {
  it('1: open or tell', async () => {
    const bytes = await old();
    await survives(bytes, 'model.h5', bytes.length);
  }, 60_000);

  it('with weights alone: open or tell', async () => {
    const bytes = await numbered();
    await survives(bytes, 'model.weights.h5', bytes.length);
  }, 60_000);

  it('3: open or tell', async () => {
    const parts = {
      'metadata.json': strToU8('{"keras_version": "3.0.0"}'),
      'config.json': strToU8(JSON.stringify(network)),
      'model.weights.h5': await numbered(),
    };
    for (const level of [0, 6] as const) {
      const bytes = zipSync(parts, { level });
      await survives(bytes, 'model.keras', bytes.length);
    }
  }, 60_000);

  it('with the network beside its weights: open or tell', async () => {
    const bytes = strToU8(JSON.stringify(network));
    await survives(bytes, 'net.json', bytes.length, { 'net.weights.h5': await numbered() });
  }, 60_000);
});
