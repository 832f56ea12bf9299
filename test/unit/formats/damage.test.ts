import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { elements } from '../../../src/core/graph/tensor.ts';
import { hasShared, needsShared, sharedModel } from '../../support/shared.ts';
import { h5File, ramp, sequential, write } from './files.ts';

/** A cut, or some bytes with other values. */
interface Damage {
  readonly length?: number;
  readonly bytes: readonly (readonly [at: number, value: number])[];
}

/** Damage to a file of `size` bytes; most of it in the first `head` bytes, where the structure is. */
const damage = (size: number, head: number): fc.Arbitrary<Damage> => {
  const at = fc.oneof(fc.nat(Math.min(head, size) - 1), fc.nat(size - 1));
  return fc.oneof(
    fc.record({ length: fc.nat(size - 1), bytes: fc.constant([]) }),
    fc.record({ bytes: fc.array(fc.tuple(at, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }) }),
  );
};

function apply(bytes: Uint8Array, { length, bytes: changes }: Damage): Uint8Array {
  const damaged = bytes.slice(0, length);
  for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
  return damaged;
}

/** A model opens, or its file is told to be damaged: nothing else happens, and it takes no long time. */
async function opensOrTells(path: string): Promise<void> {
  const started = performance.now();
  try {
    const { graph } = await openModel(path);
    const values = [...graph.constants.values()].reduce((n, { shape }) => n + elements(shape), 0);
    expect(values).toBeLessThan(2_000_000);
  } catch (error) {
    const { name, kind, message, cause } = error as { name: string; kind: string; message: string; cause?: unknown };
    expect([name, kind], String((error as Error).stack)).toEqual(['LayerscopeError', 'file']);
    expect(message.startsWith(`${path}: `)).toBe(true);
    expect(message.includes('\n')).toBe(false);
    // What no check foresaw is caught at the end; it would hide defects of ours.
    expect(message.endsWith('file as it should be'), String((cause as Error | undefined)?.stack)).toBe(false);
  }
  expect(performance.now() - started).toBeLessThan(5000);
}

const RUNS = Number(process.env.LAYERSCOPE_RUNS ?? 300);

async function survives(bytes: Uint8Array, name: string, head: number, beside: Record<string, Uint8Array> = {}) {
  const path = write(name, bytes, beside);
  const other = dirname(path);
  await fc.assert(
    fc.asyncProperty(damage(bytes.length, head), async (change) => {
      const target = write(name, apply(bytes, change), beside);
      expect(dirname(target)).not.toBe(other);
      await opensOrTells(target);
    }),
    { numRuns: RUNS, includeErrorInReport: true },
  );
}

describe('damaged Keras files', () => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await h5File(
      sequential([
        { class_name: 'Conv2D', config: { name: 'conv', batch_input_shape: [null, 8, 8, 1], kernel_size: [3, 3] } },
        { class_name: 'MaxPooling2D', config: { name: 'pool' } },
        { class_name: 'Flatten', config: { name: 'flat' } },
        { class_name: 'Dense', config: { name: 'dense', activation: 'softmax' } },
      ]),
      {
        conv: { kernel: ramp(3, 3, 1, 4), bias: ramp(4) },
        pool: {},
        flat: {},
        dense: { kernel: ramp(36, 5), bias: ramp(5) },
      },
    );
  });

  it('open or tell', () => survives(bytes, 'model.h5', bytes.length), 60_000);

  it('leave the library whole', async () => {
    expect((await openModel(write('model.h5', bytes))).layers).toHaveLength(5);
  });
});

describe.skipIf(!hasShared)(`damaged real files${needsShared}`, () => {
  it('ONNX: open or tell', async () => {
    const bytes = readFileSync(sharedModel('mnist-onnx-wonnx/opt-mnist.onnx'));
    await survives(new Uint8Array(bytes), 'model.onnx', 600);
  }, 60_000);

  it('TensorFlow.js: open or tell', async () => {
    const folder = sharedModel('tinyvgg-tfjs');
    const shard = 'group1-shard1of1.bin';
    const bytes = new Uint8Array(readFileSync(join(folder, 'model.json')));
    await survives(bytes, 'model.json', bytes.length, { [shard]: readFileSync(join(folder, shard)) });
  }, 60_000);
});
