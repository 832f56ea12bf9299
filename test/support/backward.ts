import { createOnnxRuntime } from '../../src/core/engines/onnxruntime.ts';
import { differentiate } from '../../src/core/graph/autodiff.ts';
import { GraphBuilder } from '../../src/core/graph/builder.ts';
import { prune } from '../../src/core/graph/passes.ts';
import { gradientRule, type BackwardRule } from '../../src/core/graph/rules/index.ts';
import { inferShapes } from '../../src/core/graph/shapes.ts';
import type { Tensor } from '../../src/core/graph/tensor.ts';

/** What a rule sends back to `x` from a network's output, for each of whose values it starts with one (or the value). */
export async function backward(
  write: (builder: GraphBuilder, x: string) => string,
  x: Tensor<'float32'>,
  rule: BackwardRule = gradientRule,
): Promise<number[]> {
  const builder = new GraphBuilder();
  const input = builder.input('x', [-1, ...x.shape.slice(1)]);
  const y = write(builder, input);
  const gradient = differentiate(builder, inferShapes(builder.graph()), y, [input], rule).get(input)!;
  const program = await (await createOnnxRuntime()).compile(prune(builder.graph(), [gradient]));
  const result = await program.run({ x });
  await program.dispose();
  return Array.from(result[gradient]!.data as Float32Array, (value) => value + 0); // no −0
}
