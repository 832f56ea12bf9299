import { expect, it } from 'vitest';
import { createTfjsWasm } from '../../../src/core/engines/tfjs/wasm.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';

const listeners = () => process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');

it('starting WebAssembly leaves no handlers in the process', async () => {
  const before = listeners();
  await createTfjsWasm();
  expect(listeners()).toBe(before);
});

it('what does not fit into its memory is refused, and the rest goes on', async () => {
  const engine = await createTfjsWasm();
  const large = new GraphBuilder();
  const everywhere = large.add('Expand', [large.input('x', [-1, 1]), large.ints([1, 1.1e9])]);
  const program = await engine.compile(large.graph([everywhere]));
  await expect(program.run({ x: float32([1], [1, 1]) })).rejects.toThrow(
    'TensorFlow.js (wasm) failed: no memory for 4400000000 more bytes: WebAssembly has 4 GB at most',
  );
  const small = new GraphBuilder();
  small.add('Relu', [small.input('x', [-1, 2])], {}, 'y');
  const other = await engine.compile(small.graph(['y']));
  expect((await other.run({ x: float32([-1, 2], [1, 2]) }))['y']!.data).toEqual(Float32Array.of(0, 2));
});

it('an operator that is not there is named', async () => {
  const builder = new GraphBuilder();
  builder.add('Sparkle', [builder.input('x', [-1, 2])], {}, 'y');
  await expect((await createTfjsWasm()).compile(builder.graph(['y']))).rejects.toThrow(
    'TensorFlow.js (wasm) refused the program: there is no operator Sparkle',
  );
});

it('a convolution takes a bias that was gathered, as that of few classes', async () => {
  const builder = new GraphBuilder();
  const [filters, biases] = [builder.floats('w', [1, 10, 100], [3, 1, 1, 1]), builder.floats('b', [0.5, 0.25, 0], [3])];
  const chosen = builder.ints([2, 0]);
  const few = [filters, biases].map((all) => builder.add('Gather', [all, chosen], { axis: 0 }));
  builder.add('Conv', [builder.input('x', [-1, 1, 1, 2]), ...few], {}, 'y');
  const program = await (await createTfjsWasm()).compile(builder.graph(['y']));
  const { y } = await program.run({ x: float32([1, 2], [1, 1, 1, 2]) });
  expect(Array.from(y!.data, Number)).toEqual([100, 200, 1.5, 2.5]);
});
