import { expect, it } from 'vitest';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { createTfjsWasm } from '../../../src/core/engines/tfjs/wasm.ts';
import { openModel } from '../../../src/core/formats/index.ts';
import { differentiate } from '../../../src/core/graph/autodiff.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { prune } from '../../../src/core/graph/passes.ts';
import { inferShapes } from '../../../src/core/graph/shapes.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { distance, once } from '../../support/agreement.ts';
import { onnxFile, write } from './files.ts';
import { BATCH_CASES } from './onnx-batch-cases.ts';
import { noise } from './run.ts';

it.each(BATCH_CASES)('$name: each image has the gradient that it has alone, on every engine', async (given) => {
  const { opset, nodes, weights = [], batch } = given;
  const inputs = { x: [batch ?? 'N', 2, 6, 6] };
  const { graph } = await openModel(
    write('model.onnx', onnxFile({ opset, nodes, initializers: weights, outputs: ['y'], inputs })),
  );
  const builder = new GraphBuilder(graph);
  const squares = builder.add('Mul', [graph.outputs[0]!, graph.outputs[0]!]);
  const gradient = differentiate(builder, inferShapes(graph), squares, ['x']).get('x')!;
  const program = prune(builder.graph(), [gradient]);

  const images = noise([3, 2, 6, 6]);
  const [native, wasm] = [await createOnnxRuntime(), await createTfjsWasm()];
  const together = (await once(native, program, { x: images }))[gradient]!;
  expect(distance((await once(wasm, program, { x: images }))[gradient]!, together)).toBeLessThan(1e-5);
  for (let i = 0; i < 3; i++) {
    const part = (data: Float32Array) => float32(data.slice(i * 72, (i + 1) * 72), [1, 2, 6, 6]);
    const alone = (await once(native, program, { x: part(images.data) }))[gradient]!;
    expect(distance(part(together.data as Float32Array), alone)).toBeLessThan(1e-5);
  }
});
