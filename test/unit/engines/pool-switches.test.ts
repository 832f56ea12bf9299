import { describe, expect, it } from 'vitest';
import { createOnnxRuntime } from '../../../src/core/engines/onnxruntime.ts';
import { poolSwitches } from '../../../src/core/engines/pool-switches.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH, type Graph } from '../../../src/core/graph/graph.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { neuron } from '../../../src/core/optimization/objectives.ts';
import { GRADIENT, gradientProgram } from '../../../src/core/optimization/program.ts';
import { random } from '../../../src/core/optimization/random.ts';

interface Pool {
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly pads?: readonly [number, number, number, number];
  readonly ceil?: boolean;
  readonly size: readonly [number, number];
}

const POOLS: readonly Pool[] = [
  { kernel: [3, 3], stride: 2, size: [11, 9] },
  { kernel: [3, 3], stride: 2, pads: [1, 1, 1, 1], size: [8, 9] },
  { kernel: [3, 3], stride: 2, ceil: true, size: [8, 10] },
  { kernel: [3, 3], stride: 1, pads: [1, 1, 1, 1], size: [5, 6] },
  { kernel: [2, 2], stride: 2, size: [7, 6] },
  { kernel: [1, 3], stride: 2, size: [4, 7] },
  { kernel: [3, 1], stride: 3, size: [7, 3] },
];
const IMAGES = 2;

const programOf = ({ kernel, stride, pads, ceil, size }: Pool, channels = 3): Graph => {
  const b = new GraphBuilder();
  b.input('x', [BATCH, channels, ...size]);
  const window = { kernel_shape: kernel, strides: [stride, stride], pads: pads ?? [0, 0, 0, 0] };
  b.addNode('MaxPool', ['x'], ['y'], { ...window, ...(ceil && { ceil_mode: 1 }) });
  return gradientProgram(b.graph(['y']), neuron('y', 'w'), { input: 'x', also: ['y'] });
};

/** Each window's weight at its first largest value in row-major order, by the definition. */
function expected(
  { kernel, stride, pads = [0, 0, 0, 0], size }: Pool,
  x: Float32Array,
  w: Float32Array,
  out: readonly number[],
) {
  const [height, width] = size;
  const [rows, columns] = out as [number, number];
  const found = new Float32Array(x.length);
  w.forEach((weight, at) => {
    const plane = Math.floor(at / rows / columns) * height * width;
    const [top, left] = [Math.floor(at / columns) % rows, at % columns].map((i, axis) => i * stride - pads[axis]!);
    let best: number | undefined;
    for (let y = Math.max(top!, 0); y < Math.min(top! + kernel[0], height); y++)
      for (let c = Math.max(left!, 0); c < Math.min(left! + kernel[1], width); c++) {
        const place = plane + y * width + c;
        if (best === undefined || x[place]! > x[best]!) best = place;
      }
    found[best!]! += weight;
  });
  return found;
}

describe('the places of max-pools, by pooling', () => {
  // 16 channels are what the runtime's blocked layout takes.
  const cases = POOLS.flatMap((pool) => [3, 16].map((channels) => ({ ...pool, channels })));
  it.each(cases)('are the first largest values: %j', async ({ channels, ...pool }) => {
    const engine = await createOnnxRuntime();
    const program = programOf(pool, channels);
    expect(poolSwitches(program).nodes.some(({ op }) => op === 'HardSigmoid')).toBe(true);
    const { normal } = random(3, 0);
    const executable = await engine.compile(program);
    // Of so few values that most windows hold several largest ones; and of many.
    for (const levels of [2, 1000]) {
      const shape = [IMAGES, channels, ...pool.size];
      const x = Float32Array.from(
        { length: shape.reduce((a, b) => a * b) },
        () => Math.round(normal() * levels) / levels,
      );
      const whole = { x: float32(x, shape) };
      const y = poolShape(pool);
      const w = Float32Array.from({ length: IMAGES * channels * y[0] * y[1] }, () => normal());
      const found = await executable.run({ ...whole, w: float32(w, [IMAGES, channels, ...y]) });
      expect(found['y']!.shape.slice(2)).toEqual(y);
      const gradient = found[GRADIENT]!.data as Float32Array;
      expected(pool, x, w, y).forEach((value, i) => expect(gradient[i]).toBeCloseTo(value, 5));
    }
    await executable.dispose();
  });

  it('are recorded where windows are large', () => {
    const program = programOf({ kernel: [4, 4], stride: 4, size: [8, 8] });
    expect(poolSwitches(program)).toEqual(program);
  });
});

/** Rows and columns of what a pooling gives. */
function poolShape({ kernel, stride, pads = [0, 0, 0, 0], ceil = false, size }: Pool): [number, number] {
  const count = (axis: 0 | 1) => {
    const room = (size[axis] + pads[axis] + pads[axis + 2]! - kernel[axis]) / stride;
    return (ceil ? Math.ceil(room) : Math.floor(room)) + 1;
  };
  return [count(0), count(1)];
}
