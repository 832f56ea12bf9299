import { summarize } from '../inspect.ts';
import type { GraphBox } from '../results.ts';
import { oneOf } from './parameters.ts';
import { visualizer } from './visualizer.ts';

/**
 * The network as a graph: its layers in their order with shape, receptive field, parameters and operations, and which feeds
 * which. Nothing is run, so it works behind unknown operators and without a graph (then without edges).
 */
export const architecture = visualizer({
  id: 'architecture',
  title: 'Architecture',
  description: 'The network as a drawing: its layers, what feeds what, and what each of them sees and costs.',
  source: 'DrawNet (Torralba & Zhou 2016); receptive fields: Araujo, Norris & Sim 2019',
  needs: [],
  params: {
    size: oneOf(
      ['shape', 'receptive-field', 'parameters', 'flops'],
      'What the size of the marks tells: height and channels of a layer, what it sees, what it stores, what it computes.',
      'Size tells',
    ),
  },
  async *run({ session, params }) {
    const { layers, parameters, flops, warnings, missing } = summarize(session);
    const boxes = layers.map((layer): GraphBox => {
      const { name, kind, shape, receptiveField, block } = layer;
      return {
        name,
        kind,
        ...(shape && { shape }),
        parameters: layer.parameters,
        flops: layer.flops,
        ...(receptiveField && { receptiveField: receptiveField.size }),
        ...(block !== undefined && { block }),
      };
    });
    const edges = layers.flatMap(({ name, inputs }) => inputs.map((from) => ({ from, to: name })));
    yield {
      done: 1,
      total: 1,
      result: {
        kind: 'graph',
        title: `Architecture of ${session.model.file.split(/[/\\]/).at(-1)}`,
        boxes,
        edges,
        size: params.size,
        arrays: {},
        metrics: { layers: layers.length, parameters, flops },
        notes: [...(missing === undefined ? [] : [`What feeds what is not known: ${missing}`]), ...warnings],
      },
    };
  },
});
