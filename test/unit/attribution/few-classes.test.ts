import { describe, expect, it } from 'vitest';
import { askedAlone } from '../../../src/core/attribution/few-classes.ts';
import { goalOf } from '../../../src/core/attribution/goal.ts';
import { gradientsOfImages } from '../../../src/core/attribution/gradients.ts';
import { nodeFlops } from '../../../src/core/graph/costs.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { GRADIENT, gradientProgram, VALUE } from '../../../src/core/optimization/program.ts';
import type { Context } from '../../../src/core/visualizers/visualizer.ts';
import { Network } from '../cam/networks.ts';
import { contextOf } from './context.ts';

const image = (from: number) => Array.from({ length: 3 * 6 * 6 }, (_, i) => Math.sin(from + 0.7 * i));
const stem = () => new Network([3, 6, 6]).conv('image', 'stem', [4, 3, 3, 3]).add('Relu', ['stem'], 'relu');
const convolutional = () =>
  stem()
    .conv('relu', 'classes', [50, 4, 1, 1])
    .add('Relu', ['classes'], 'shut')
    .add('GlobalAveragePool', ['shut'], 'scores')
    .session('scores');

const DENSE = [
  [1, 2, 3, 4],
  [4, 3, -2, 1],
  [0.5, -1, 2, 7],
];
const flat = () => stem().add('GlobalAveragePool', ['relu'], 'pool').add('Flatten', ['pool'], 'flat', { axis: 1 });
/** Three classes by a product with a matrix, as exporters write it. */
const products = {
  Gemm: () => flat().dense('flat', 'scores', DENSE, [0.3, 1, -2]),
  'MatMul and Add': () => {
    const network = flat();
    const columns = [0, 1, 2, 3].flatMap((row) => DENSE.map((column) => column[row]!));
    const matrix = network.builder.constant('matrix', float32(columns, [4, 3]));
    const bias = network.builder.constant('bias', float32([0.3, 1, -2], [1, 3]));
    return network.add('MatMul', ['flat', matrix], 'product').add('Add', ['product', bias], 'scores');
  },
};

/** Of the program on the whole network. */
async function whole(context: Context) {
  const goal = await goalOf(context);
  const program = gradientProgram(context.session.model.graph, goal.objective, { input: 'image' });
  const feeds = { ...goal.feeds, image: context.image.tensor };
  return context.session.run('whole', () => program, feeds);
}

describe('gradients of few classes', () => {
  it.each([[undefined], [7]])('are those on the whole network (against %s)', async (against) => {
    const own = contextOf(await convolutional(), [image(0), image(3), image(5)]);
    const context: Context = { ...own, targets: [4, 31, 4], ...(against !== undefined && { against }) };
    const { values, gradients } = await gradientsOfImages(context, await goalOf(context));
    const expected = await whole(context);
    expect(values.length).toBe(3);
    values.forEach((value, i) => expect(value).toBeCloseTo(Number(expected[VALUE]!.data[i]), 5));
    gradients.forEach((value, i) => expect(value).toBeCloseTo(Number(expected[GRADIENT]!.data[i]), 5));
    expect(gradients.some((value) => Math.abs(value) > 1e-3)).toBe(true);
  });

  it.each(Object.entries(products))('are those on the whole network after %s', async (_, network) => {
    const own = contextOf(await network().session('scores'), [image(0), image(3), image(5)]);
    const context: Context = { ...own, targets: [2, 0, 2] };
    const goal = await goalOf(context);
    const { graph } = askedAlone(context, goal);
    expect(inferShapes(graph).get('scores')).toEqual([BATCH, 2]);
    const { values, gradients } = await gradientsOfImages(context, goal);
    const expected = await whole(context);
    expect(values.length).toBe(3);
    values.forEach((value, i) => expect(value).toBeCloseTo(Number(expected[VALUE]!.data[i]), 5));
    gradients.forEach((value, i) => expect(value).toBeCloseTo(Number(expected[GRADIENT]!.data[i]), 5));
    expect(gradients.some((value) => Math.abs(value) > 1e-3)).toBe(true);
  });

  it('need no other filters of the last convolution', async () => {
    const context = { ...contextOf(await convolutional(), [image(0)]), targets: [4] };
    const { graph } = askedAlone(context, await goalOf(context));
    const classes = graph.nodes.find(({ outputs }) => outputs[0] === 'classes')!;
    expect(nodeFlops(graph, inferShapes(graph)).get(classes.name)).toBe(2 * 4 * 36);
  });

  it('are had on the whole network where something else sees all classes', async () => {
    const seen = await stem()
      .conv('relu', 'classes', [5, 4, 1, 1])
      .add('Softmax', ['classes'], 'between', { axis: 1 })
      .add('GlobalAveragePool', ['between'], 'scores')
      .session('scores');
    const twice = await flat()
      .dense('flat', 'own', DENSE, [0, 1, 2])
      .add('Mul', ['own', 'own/b'], 'scores')
      .session('scores');
    for (const session of [seen, twice]) {
      const context = contextOf(session, [image(0)]);
      expect(askedAlone(context, await goalOf(context)).graph).toBe(session.model.graph);
    }
    const context = contextOf(await convolutional(), [image(0)]);
    expect(askedAlone(context, await goalOf(context, 'probability')).graph).toBe(context.session.model.graph);
  });
});
