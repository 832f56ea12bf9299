import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeNpy } from '../../../src/core/arrays/npy.ts';
import { chooseEngine } from '../../../src/core/engines/choose.ts';
import type { LayerscopeError } from '../../../src/core/errors.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { Layer, Model } from '../../../src/core/model.ts';
import type { RunRequest, RunResult } from '../../../src/core/request.ts';
import { runMethod } from '../../../src/core/run.ts';
import { Session } from '../../../src/core/session.ts';
import { ramp, tinyNetwork } from '../visualizers/tiny-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerscope-'));

function array(name: string, shape: readonly number[], seed = 3) {
  const path = join(folder, `${name}.npy`);
  const size = shape.reduce((a, b) => a * b, 1);
  writeFileSync(path, encodeNpy(float32(ramp(size, seed), shape)));
  return { path };
}

async function run(session: Session, request: Omit<RunRequest, 'model'>, signal = new AbortController().signal) {
  const steps = runMethod(session, { model: session.model.file, ...request }, signal);
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

const image = array('image', [1, 3, 6, 5]);

describe('runMethod', () => {
  it('explains the predicted class where none is asked for', async () => {
    const session = await tinyNetwork();
    const { result } = await run(session, { method: 'predictions', image });
    const [best] = result.metrics['class'] as number[];
    const { provenance } = await run(session, { method: 'saliency', image });
    expect(provenance).toMatchObject({ target: best, targetLabel: ['cat', 'dog', 'tree'][best!], seed: 0 });
    expect(provenance.params).toEqual({ reduce: 'max', of: 'score' });
    expect(provenance).not.toHaveProperty('partial');
  });

  it('explains the difference of two classes', async () => {
    const session = await tinyNetwork();
    const { result, provenance } = await run(session, { method: 'saliency', image, target: 'tree', against: 'cat' });
    expect(provenance).toMatchObject({ target: 2, against: 0, againstLabel: 'cat' });
    expect(result.title).toBe('Saliency for class tree rather than cat');
    const alone = async (target: number) => (await run(session, { method: 'saliency', image, target })).result;
    const [tree, cat] = [await alone(2), await alone(0)];
    const values = ({ arrays }: typeof result) => arrays['attribution']!.data as Float32Array;
    values(result).forEach((value, i) => expect(value).toBeCloseTo(values(tree)[i]! - values(cat)[i]!, 4));
    const score = ({ metrics }: typeof result) => (metrics['score'] as number[])[0]!;
    expect(score(result)).toBeCloseTo(score(tree) - score(cat), 4);
  });

  it('reads an array in the layout of the file', async () => {
    const nchw = ramp(90);
    const nhwc = Float32Array.from({ length: 90 }, (_, i) => nchw[(i % 3) * 30 + Math.floor(i / 3)]!);
    const path = join(folder, 'nhwc.npy');
    writeFileSync(path, encodeNpy(float32(nhwc, [1, 6, 5, 3])));
    const { result } = await run(await tinyNetwork({ layout: 'NHWC' }), {
      method: 'activations',
      layer: 'image',
      image: { path },
    });
    expect(result.arrays['activation']).toMatchObject({ shape: [1, 3, 6, 5], data: nchw });
  });

  it('gives each image of an array its own class', async () => {
    const session = await tinyNetwork();
    const both = array('both', [2, 3, 6, 5]);
    const { result } = await run(session, { method: 'saliency', image: both });
    const { result: predictions } = await run(session, { method: 'predictions', image: both });
    expect(result.metrics['class']).toEqual(predictions.metrics['class']);
    expect(result.arrays['map']!.shape).toEqual([2, 6, 5]);
  });

  it('takes pictures as the page has decoded them', async () => {
    const rgba = new Uint8Array(10 * 12 * 4).fill(100);
    const source = { name: 'dropped', width: 10, height: 12, rgba };
    const { result, provenance } = await run(await tinyNetwork(), { method: 'predictions', image: source });
    expect(result.kind).toBe('table');
    expect(provenance.image).toBe('dropped');
  });

  it('throws when it was cancelled before anything was finished', async () => {
    const cancel = new AbortController();
    cancel.abort();
    const error = await run(await tinyNetwork(), { method: 'predictions', image }, cancel.signal).catch(
      (e: unknown) => e,
    );
    expect((error as LayerscopeError).kind).toBe('cancelled');
  });

  it.each<[Omit<RunRequest, 'model'>, string]>([
    [{ method: 'activation', image }, "There is no method 'activation'. The nearest: 'activations'"],
    [{ method: 'activations', image }, 'activations needs a layer: give --layer NAME'],
    [{ method: 'activations', layer: 'cnov', image }, "There is no layer 'cnov'. The nearest: 'conv'"],
    [{ method: 'activations', layer: 'conv' }, 'activations needs an image: give --image FILE'],
    [{ method: 'activations', layer: 'conv', image, target: 1 }, 'activations does not take --target'],
    [{ method: 'filters', layer: 'conv', image }, 'filters does not take --image'],
    [{ method: 'predictions', layer: 'conv', image }, 'predictions does not take --layer'],
    [{ method: 'saliency', image, layer: 'conv' }, "explains one unit of layer 'conv': give --unit"],
    [{ method: 'saliency', image, unit: '3' }, '--unit names a unit of a layer'],
    [{ method: 'saliency', image, layer: 'conv', unit: '3', target: 1 }, 'Give --target, or --layer and --unit.'],
    [{ method: 'saliency', image, target: 3 }, 'There is no class 3: the model has 3 classes, 0 to 2.'],
    [{ method: 'saliency', image, against: 3 }, 'There is no class 3: the model has 3 classes, 0 to 2.'],
    [{ method: 'saliency', image, target: 1, against: 'dog' }, 'Why dog, not dog? Give --against another class.'],
    [{ method: 'saliency', image, layer: 'conv', unit: '3', against: 1 }, 'Give --against, or --layer and --unit.'],
    [{ method: 'class-model', target: 1, against: 2 }, 'class-model does not take --against. A difference of two'],
    [{ method: 'activation-maximisation' }, 'activation-maximisation needs a class or a unit: give --target K'],
    [{ method: 'predictions', image, against: 1 }, 'predictions does not take --against'],
    [{ method: 'saliency', image, target: 'trees' }, "There is no class 'trees'. The nearest: 'tree' (2)"],
    [{ method: 'saliency', image, params: { reduce: 'mean' } }, 'Allowed: reduce = max | sum | signed.'],
    [{ method: 'predictions', image, params: { count: 2.5 } }, 'Allowed: count = 1 to 1000, whole.'],
    [
      { method: 'saliency', image: array('flat', [1, 90]) },
      "its shape is 1×90, the input 'image' takes N×3×6×5 (NCHW).",
    ],
    [{ method: 'predictions', image, input: 'picture' }, "The model has no input 'picture'. It has: 'image'."],
    [{ method: 'predictions', image, output: 'logits' }, "The model has no output 'logits'. It has: softmax."],
  ])('%j is refused', async (request, message) => {
    const error = (await run(await tinyNetwork(), request).catch((e: unknown) => e)) as LayerscopeError;
    expect(error.message).toContain(message);
    expect(error.kind).toBe('usage');
  });
});

/** left 2×… + right, then an operator that nobody knows. */
async function oddNetwork(): Promise<Session> {
  const builder = new GraphBuilder();
  builder.input('left', [BATCH, 4]);
  builder.input('right', [BATCH, 4]);
  builder.constant('dense/w', float32(ramp(12), [3, 4]));
  builder.addNode('Add', ['left', 'right'], ['sum']);
  builder.addNode('Sparkle', ['sum'], ['sparkle']);
  builder.addNode('Gemm', ['sparkle', 'dense/w'], ['dense'], { transB: 1 });
  const layer = (name: string, kind: string, weights: string[] = []): Layer => {
    return { name, kind, output: name, before: name, after: name, nodes: [name], weights };
  };
  const model: Model = {
    file: '/odd.onnx',
    format: 'onnx',
    sha256: '',
    graph: builder.graph(['dense']),
    inputs: ['left', 'right'].map((name) => ({ name, shape: [BATCH, 4], layout: 'NF' })),
    layers: [layer('sum', 'Add'), layer('sparkle', 'Sparkle'), layer('dense', 'Gemm', ['dense/w'])],
    unknown: [{ op: 'Sparkle', node: 'sparkle' }],
    warnings: [],
  };
  const input = { channels: 'RGB', scale: 1, mean: [0], std: [1], resize: 'squash' } as const;
  return new Session(model, await chooseEngine(), { input, source: 'guess' });
}

describe('a network with two inputs and an unknown operator', () => {
  const left = array('left', [1, 4], 1);
  const right = array('right', [1, 4], 2);
  const sum = (request: Partial<RunRequest>): Promise<RunResult> =>
    oddNetwork().then((session) => run(session, { method: 'activations', layer: 'sum', image: left, ...request }));

  it('runs what lies before it', async () => {
    const { result } = await sum({ feeds: { right: right.path } });
    const expected = ramp(4, 1).map((value, i) => value + ramp(4, 2)[i]!);
    result.arrays['activation']!.data.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  });

  it('takes the image for the input that is named', async () => {
    const swapped = await sum({ image: right, input: 'right', feeds: { left: left.path } });
    const straight = await sum({ feeds: { right: right.path } });
    expect(swapped.result.arrays).toEqual(straight.result.arrays);
  });

  it('asks for the input that is left out', async () => {
    await expect(sum({})).rejects.toThrow('Give the others too: --feed right=FILE.npy (N×4)');
  });

  it('shows the filters behind it', async () => {
    const { result } = await run(await oddNetwork(), { method: 'filters', layer: 'dense', unit: '1' });
    expect(result.arrays['weights']!.shape).toEqual([3, 4, 1, 1]);
  });

  it.each(['sparkle', 'dense'])('names it when %s is to be run', async (layer) => {
    await expect(sum({ layer, feeds: { right: right.path } })).rejects.toThrow(
      "depends on the operator Sparkle of node 'sparkle', which Layerscope does not know",
    );
  });
});
