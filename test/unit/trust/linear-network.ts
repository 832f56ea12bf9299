import { chooseEngine } from '../../../src/core/engines/choose.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { Layer } from '../../../src/core/model.ts';
import { Session } from '../../../src/core/session.ts';

/** image C×H×W (1×2×2) → two classes: S_0 = w·x, S_1 = 0, so that P_0 = 1/(1 + exp(−w·x)); the mean image is zero. */
export async function linearNetwork(w: ArrayLike<number>, shape = [1, 2, 2]): Promise<Session> {
  const builder = new GraphBuilder();
  builder.input('image', [BATCH, ...shape]);
  builder.constant(
    'w',
    float32(
      Float32Array.from({ length: 2 * w.length }, (_, i) => w[i] ?? 0),
      [2, w.length],
    ),
  );
  builder.addNode('Flatten', ['image'], ['flat'], { axis: 1 });
  builder.addNode('Gemm', ['flat', 'w'], ['scores'], { transB: 1 });
  const layer = (name: string, kind: string, weights: string[] = []): Layer => {
    return { name, kind, output: name, before: name, after: name, nodes: [name], weights };
  };
  const model = {
    file: '/linear.onnx',
    format: 'onnx' as const,
    sha256: '0'.repeat(64),
    graph: builder.graph(['scores']),
    inputs: [{ name: 'image', shape: [BATCH, ...shape], layout: 'NCHW' as const }],
    layers: [layer('flat', 'Flatten'), layer('scores', 'Gemm', ['w'])],
    unknown: [],
    warnings: [],
  };
  const input = { channels: 'grey', scale: 1, mean: [1], std: [1], resize: 'squash' } as const;
  return new Session(model, await chooseEngine(), { input, source: 'guess', labels: ['it', 'not'] });
}

export const imageOf = (values: readonly number[]) => float32(values, [1, 1, 2, 2]);
