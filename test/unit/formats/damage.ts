import { dirname } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { openModel } from '../../../src/core/formats/index.ts';
import { elements } from '../../../src/core/graph/tensor.ts';
import { write } from './files.ts';

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
export async function opensOrTells(path: string): Promise<void> {
  const started = performance.now();
  try {
    const { graph, missing } = await openModel(path);
    // A net without weights has shapes alone.
    const held = [...graph.constants.values()].filter(
      (tensor) => missing === undefined || tensor.source || !Object.getOwnPropertyDescriptor(tensor, 'data')?.get,
    );
    const values = held.reduce((n, { shape }) => n + elements(shape), 0);
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

/**
 * A file, damaged in many ways, opens or tells what is wrong; most of the damage is in its first `head` bytes. `beside`:
 * files in its folder. `opened`: the one of them that is opened, where it is not the damaged one.
 */
export async function survives(
  bytes: Uint8Array,
  name: string,
  head: number,
  beside: Record<string, Uint8Array | string> = {},
  opened?: string,
): Promise<void> {
  const path = write(opened ?? name, opened === undefined ? bytes : beside[opened]!, beside);
  const other = dirname(path);
  await fc.assert(
    fc.asyncProperty(damage(bytes.length, head), async (change) => {
      const damagedBytes = apply(bytes, change);
      const target =
        opened === undefined
          ? write(name, damagedBytes, beside)
          : write(opened, beside[opened]!, { ...beside, [name]: damagedBytes });
      expect(dirname(target)).not.toBe(other);
      await opensOrTells(target);
    }),
    { numRuns: RUNS, includeErrorInReport: true },
  );
}
