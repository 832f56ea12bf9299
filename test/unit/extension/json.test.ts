import { describe, expect, it } from 'vitest';
import { jsonNetwork } from '../../../src/extension/code/json.ts';

const layer = (kind: string, name: string) => ({
  class_name: kind,
  config: { name, kernel_initializer: { class_name: 'Zeros', config: {} } },
});

describe('layers in JSON', () => {
  const model = {
    modelTopology: {
      model_config: {
        class_name: 'Sequential',
        config: {
          name: 'outer',
          layers: [
            layer('Conv2D', 'conv1'),
            { class_name: 'Functional', name: 'inner', config: { name: 'inner', layers: [layer('Dense', 'head')] } },
          ],
        },
      },
    },
    weightsManifest: [],
  };
  const text = JSON.stringify(model, undefined, 1);

  it('a TensorFlow.js model is a model, with the layers of the models inside it', () => {
    const { isModel, layers } = jsonNetwork(text);
    expect(isModel).toBe(true);
    expect(layers.map(({ kind, names }) => [kind, names])).toEqual([
      ['Conv2D', ['conv1']],
      ['Dense', ['inner/head', 'head']],
    ]);
  });

  it('points at name and class', () => {
    const [first] = jsonNetwork(text).layers;
    expect(first!.pointers.map(({ from, to }) => text.slice(from, to))).toEqual(['"conv1"', '"Conv2D"']);
    expect(text.slice(first!.definition!.from, first!.definition!.to)).toMatch(
      /^\{\s*"class_name": "Conv2D"[\s\S]*\}$/,
    );
  });

  it('a Keras configuration alone is no model', () => {
    const { isModel, layers } = jsonNetwork(
      JSON.stringify({ class_name: 'Sequential', config: [layer('Dense', 'd')] }),
    );
    expect([isModel, layers.map(({ names }) => names[0])]).toEqual([false, ['d']]);
  });

  it('what is half written is read as far as it goes', () => {
    expect(jsonNetwork(text.slice(0, text.indexOf('inner'))).layers.map(({ names }) => names[0])).toEqual(['conv1']);
  });

  it.each(['', '{}', '[1, 2', '{"class_name": "Conv2D"}', 'nonsense'])('nothing in %j', (nothing) => {
    expect(jsonNetwork(nothing)).toEqual({ layers: [], isModel: false });
  });
});
