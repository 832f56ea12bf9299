import { chooseEngine } from '../../../src/core/engines/choose.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { float32, type Tensor } from '../../../src/core/graph/tensor.ts';
import type { Layer, Layout, Model } from '../../../src/core/model.ts';
import type { Picture, Result } from '../../../src/core/results.ts';
import { Session } from '../../../src/core/session.ts';
import { parameterValues } from '../../../src/core/visualizers/values.ts';
import type { Context, Visualizer } from '../../../src/core/visualizers/visualizer.ts';

/** Values that are all different and small. */
export const ramp = (count: number, seed = 0): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(1.7 * i + seed));

interface Choice {
  readonly channels?: 'RGB' | 'BGR';
  readonly layout?: Layout;
  readonly softmax?: boolean;
}

/** image 3×6×5 → conv 4 of 3×3×3 → relu → 1×1 conv of 2 → flatten → dense of 3 classes → softmax. */
export async function tinyNetwork({
  channels = 'RGB',
  layout = 'NCHW',
  softmax = true,
}: Choice = {}): Promise<Session> {
  const builder = new GraphBuilder();
  builder.input('image', [BATCH, 3, 6, 5]);
  builder.constant('conv/w', float32(ramp(4 * 3 * 9), [4, 3, 3, 3]));
  builder.constant('mix/w', float32(ramp(2 * 4, 1), [2, 4, 1, 1]));
  builder.constant('dense/w', float32(ramp(3 * 24, 2), [3, 24]));
  const window = { kernel_shape: [3, 3], strides: [1, 1], pads: [0, 0, 0, 0] };
  builder.addNode('Conv', ['image', 'conv/w'], ['conv'], window);
  builder.addNode('Relu', ['conv'], ['relu']);
  builder.addNode('Conv', ['relu', 'mix/w'], ['mix'], { ...window, kernel_shape: [1, 1] });
  builder.addNode('Flatten', ['mix'], ['flatten'], { axis: 1 });
  builder.addNode('Gemm', ['flatten', 'dense/w'], ['dense'], { transB: 1 });
  builder.addNode('Softmax', ['dense'], ['softmax'], { axis: 1 });
  const layer = (name: string, kind: string, weights: string[] = [], after = name): Layer => {
    return { name, kind, output: name, before: name, after, nodes: name === 'image' ? [] : [name], weights };
  };
  const model: Model = {
    file: '/tiny.onnx',
    format: 'onnx',
    sha256: '0'.repeat(64),
    graph: builder.graph([softmax ? 'softmax' : 'dense']),
    inputs: [{ name: 'image', shape: [BATCH, 3, 6, 5], layout }],
    layers: [
      layer('image', 'Input'),
      layer('conv', 'Conv', ['conv/w'], 'relu'),
      layer('relu', 'Relu'),
      layer('mix', 'Conv', ['mix/w']),
      layer('flatten', 'Flatten'),
      layer('dense', 'Gemm', ['dense/w']),
      ...(softmax ? [layer('softmax', 'Softmax')] : []),
    ],
    unknown: [],
    warnings: [],
  };
  const input = { channels, scale: 1, mean: [0, 0, 0], std: [1, 1, 1], resize: 'squash' } as const;
  return new Session(model, await chooseEngine(), { input, source: 'guess', labels: ['cat', 'dog', 'tree'] });
}

type Asked = Partial<Omit<Context, 'session' | 'image' | 'layer' | 'params'>> & {
  readonly layer?: string;
  readonly tensor?: Tensor<'float32'>;
  readonly picture?: Picture;
  readonly params?: Readonly<Record<string, unknown>>;
};

/** A method's last result. */
export async function resultOf(method: Visualizer, session: Session, asked: Asked = {}): Promise<Result> {
  const { layer, tensor = float32(ramp(90, 3), [1, 3, 6, 5]), params, picture, ...rest } = asked;
  const input = session.model.inputs[0]!;
  const target = rest.target ?? 0;
  const image = { name: 'a test', input, tensor, feeds: { [input.name]: tensor }, ...(picture && { picture }) };
  const context: Context = {
    session,
    layer: session.model.layers.find(({ name }) => name === layer)!,
    units: undefined,
    image,
    style: image,
    target,
    targets: Array<number>(tensor.shape[0]!).fill(target),
    output: session.model.graph.outputs[0]!,
    params: parameterValues(method.id, method.params, params),
    seed: 0,
    signal: new AbortController().signal,
    ...rest,
  };
  let result: Result | undefined;
  for await (const update of method.run(context)) result = update.result ?? result;
  return result!;
}

/** The values of a result's array. */
export const arrayOf = (result: Result, name: string) => result.arrays[name] as Tensor<'float32'>;
