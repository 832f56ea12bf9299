import { describe, expect, it } from 'vitest';
import { LANES, laneOf } from '../../../src/core/engines/lanes/lane.ts';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { float32, numbers } from '../../../src/core/graph/tensor.ts';

function network() {
  const b = new GraphBuilder();
  const x = b.input('x', [BATCH, 2, 6, 6]);
  const w = b.floats(
    'w',
    Array.from({ length: 54 }, (_, i) => Math.sin(i)),
    [3, 2, 3, 3],
  );
  return b.graph([b.add('Relu', [b.add('Conv', [x, w])], {}, 'y')]);
}

const image = float32(
  Float32Array.from({ length: 144 }, (_, i) => Math.cos(i)),
  [2, 2, 6, 6],
);

describe.skipIf(LANES === 1)('lanes of ONNX Runtime (one core has none)', () => {
  it('give what the calling thread gives', async () => {
    const engine = await createOnnxRuntime();
    const here = await engine.compile(network());
    const lanes = await Promise.all([0, 1, 2, 3].map((lane) => engine.compile(network(), { lane })));
    const expected = numbers((await here.run({ x: image })).y!);
    for (const { y } of await Promise.all(lanes.map((lane) => lane.run({ x: image })))) {
      expect(y!.shape).toEqual([2, 3, 4, 4]);
      numbers(y!).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
    }
    for (const lane of lanes) await lane.dispose();
  });

  it('keep what is fed as constant, until they are fed with another one', async () => {
    const engine = await createOnnxRuntime();
    const b = new GraphBuilder();
    const sum = b.graph([b.add('Add', [b.input('x', [2]), b.input('y', [2])], {}, 'z')]);
    const lane = await engine.compile(sum, { lane: 0 });
    const values = float32([1, 2], [2]);
    const z = async (x: typeof values, constant: boolean) =>
      numbers((await lane.run({ x: { ...x, constant }, y: float32([10, 20], [2]) })).z!);
    expect(await z(values, true)).toEqual([11, 22]);
    values.data.fill(5); // against the promise: seen only where it is sent again
    expect(await z(values, true)).toEqual([11, 22]);
    expect(await z(values, false)).toEqual([15, 25]);
    expect(await z(float32([3, 4], [2]), true)).toEqual([13, 24]);
    await lane.dispose();
  });

  it('say what is wrong in one line, as the calling thread does', async () => {
    const engine = await createOnnxRuntime();
    const b = new GraphBuilder(network());
    const odd = b.graph([b.add('NoSuchOperator', ['x'], {}, 'z')]);
    await expect(engine.compile(odd, { lane: 0 })).rejects.toThrow(
      /^ONNX Runtime refused the program: .*NoSuchOperator/,
    );
    const lane = await engine.compile(network(), { lane: 0 });
    await expect(lane.run({})).rejects.toThrow("ONNX Runtime failed: no value was given for the input 'x'");
  });

  it('fail what waits when their thread ends, and start anew', async () => {
    const engine = await createOnnxRuntime();
    const lane = await engine.compile(network(), { lane: 1 });
    const runs = Promise.allSettled(Array.from({ length: 300 }, () => lane.run({ x: image })));
    laneOf(1).end();
    const reason = expect.objectContaining({ message: 'ONNX Runtime failed: its thread has ended' }) as Error;
    expect((await runs).at(-1)).toEqual({ status: 'rejected', reason });
    await expect(lane.run({ x: image })).rejects.toThrow('its thread has ended');
    const again = await engine.compile(network(), { lane: 1 });
    expect((await again.run({ x: image })).y!.shape).toEqual([2, 3, 4, 4]);
  });
});
