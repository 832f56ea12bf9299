import { float32 } from '../../../src/core/graph/tensor.ts';
import type { Session } from '../../../src/core/session.ts';
import type { Context } from '../../../src/core/visualizers/visualizer.ts';

/** What a method that explains classes sees: images, one row of numbers each; class 0, 1, 0 … */
export function contextOf(
  session: Session,
  images: readonly (readonly number[])[],
  signal = new AbortController().signal,
): Context {
  const input = session.model.inputs[0]!;
  const tensor = float32(images.flat(), [images.length, ...input.shape.slice(1)]);
  const image = { name: 'a test', input, tensor, feeds: { [input.name]: tensor } };
  const targets = images.map((_, i) => i % 2);
  const output = session.model.graph.outputs[0]!;
  return {
    session,
    image,
    targets,
    target: 0,
    output,
    signal,
    units: undefined,
    params: {},
    seed: 0,
  } as unknown as Context;
}
