import { describe, expect, it } from 'vitest';
import { chooseEngine } from '../../../src/core/engines/choose.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { random } from '../../../src/core/optimization/random.ts';
import type { Size } from '../../../src/core/optimization/picture-size.ts';
import { Session } from '../../../src/core/session.ts';
import { dream } from '../../../src/core/stimuli/dream.ts';
import { octaveSizes } from '../../../src/core/stimuli/octaves.ts';
import type { Context } from '../../../src/core/visualizers/visualizer.ts';

describe('the sizes of octaves', () => {
  it.each([
    [
      [224, 224],
      { octaves: 4, ratio: 1.4 },
      [
        [82, 82], // 81.63
        [114, 114], // 114.29
        [160, 160],
        [224, 224],
      ],
    ],
    [
      [100, 200],
      { octaves: 3, ratio: 2 },
      [
        [50, 100],
        [100, 200],
      ],
    ],
    [
      [64, 64],
      { octaves: 2, ratio: 2 },
      [
        [32, 32],
        [64, 64],
      ],
    ],
    [[28, 28], { octaves: 4, ratio: 1.4 }, [[28, 28]]],
    [[300, 20], { octaves: 5, ratio: 1.05 }, [[300, 20]]],
  ] as [Size, { octaves: number; ratio: number }, Size[]][])('%j by %j', (own, asked, sizes) => {
    expect(octaveSizes(own, asked)).toEqual(sizes);
  });
});

/** A layer that is its input, grey, of 4×4 bytes: the gradient of its energy is the picture itself. */
async function mirror(): Promise<Session> {
  const builder = new GraphBuilder();
  builder.input('image', [BATCH, 1, 4, 4]);
  builder.addNode('Relu', ['image'], ['relu']);
  const layer = {
    name: 'relu',
    kind: 'Relu',
    output: 'relu',
    before: 'image',
    after: 'relu',
    nodes: ['relu'],
    weights: [],
  };
  const inputs = [{ name: 'image', shape: [BATCH, 1, 4, 4], layout: 'NCHW' as const }];
  const file = { file: '/mirror.onnx', format: 'onnx' as const, sha256: '0'.repeat(64), unknown: [], warnings: [] };
  const model = { ...file, graph: builder.graph(['relu']), inputs, layers: [layer] };
  const input = { channels: 'grey', scale: 1, mean: [0], std: [1], resize: 'squash' } as const;
  return new Session(model, await chooseEngine(), { input, source: 'guess' });
}

describe('a dream', () => {
  const rows = (row: readonly number[]) => Float32Array.from([...row, ...row, ...row, ...row]);
  const dreamt = async (octaves: readonly Size[]) => {
    const session = await mirror();
    const context = { session, image: { input: session.model.inputs[0] }, layer: session.model.layers[0] };
    const frame = { channels: 1, size: [4, 4] as const, area: 16, centre: [0.5] };
    // A step's mean is .04 of black to white.
    const options = {
      frame,
      octaves,
      steps: 1,
      rate: 0.04 * 255,
      jitter: 0,
      weights: Float32Array.of(1),
      random: random(0),
    };
    const pictures: Float32Array[] = [];
    const asked = { ...context, signal: new AbortController().signal } as unknown as Context;
    for await (const { picture } of dream(asked, rows([0.2, 0.2, 0.6, 0.6]), options)) pictures.push(picture());
    return pictures;
  };
  const close = (found: Float32Array, row: readonly number[]) =>
    rows(row).forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));

  it('brings what an octave added, enlarged, to the next one', async () => {
    const [first, second, ...more] = await dreamt([
      [2, 2],
      [4, 4],
    ]);
    expect(more).toEqual([]);
    // At 2×2 the picture is .2 | .6, with mean .4: a step adds .04 · x / .4 = .02 | .06; at 4×4, bilinear: .02, .03, .05, .06.
    close(first!, [0.22, 0.23, 0.65, 0.66]);
    // That has the mean .44: a step adds .04 · x / .44.
    close(second!, [0.24, 0.23 + 0.0092 / 0.44, 0.65 + 0.026 / 0.44, 0.72]);
  });

  it('in one octave is a step along the gradient', async () => {
    const [only] = await dreamt([[4, 4]]);
    close(only!, [0.22, 0.22, 0.66, 0.66]);
  });
});
