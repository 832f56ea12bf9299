import { readFileSync } from 'node:fs';
import { unzipSync, zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { opensOrTells } from '../damage.ts';
import { write } from '../files.ts';
import { fixture } from './fixtures.ts';

const RUNS = Number(process.env.LAYERSCOPE_RUNS ?? 300);

const ODD: readonly unknown[] = [-1, 0, 0.5, 3, 1e9, 2 ** 31, 2 ** 60, true, null, '', 'x', [], [1e9, 1e9], {}];

/** Every place in a value that holds a number, a text or nothing, as a path of keys. */
function leaves(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((inner, i) => (String(i) === key ? replaced(inner, rest, by) : inner));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, by) };
}

describe('programs that say something odd open or tell', () => {
  it.each(['tiny.pt2', 'tiny-core.pt2'])(
    '%s',
    async (name) => {
      const files = unzipSync(readFileSync(fixture(name)));
      const path = Object.keys(files).find((one) => one.endsWith('models/model.json'))!;
      const program: unknown = JSON.parse(new TextDecoder().decode(files[path]));
      const places = leaves(program);
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...places), fc.constantFrom(...ODD), async (place, by) => {
          const text = new TextEncoder().encode(JSON.stringify(replaced(program, place, by)));
          await opensOrTells(write('model.pt2', zipSync({ ...files, [path]: text }, { level: 0 })));
        }),
        { numRuns: RUNS, includeErrorInReport: true },
      );
    },
    60_000,
  );

  it('tiny-traced.pt, in its code', async () => {
    const files = unzipSync(readFileSync(fixture('tiny-traced.pt')));
    const code = Object.keys(files).filter((one) => one.endsWith('.py'));
    const numbers = code.flatMap((file) => {
      const text = new TextDecoder().decode(files[file]);
      return [...text.matchAll(/\b\d+\b|\bTrue\b|\bFalse\b|\bx\b|\binput\b/g)].map(({ index, 0: { length } }) => ({
        file,
        from: index,
        to: index + length,
      }));
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...numbers),
        fc.constantFrom('-1', '0', '3', '1000000000', 'None', '[]', '[1, 1]', 'True', 'self', 'x', 'torch', '"a"'),
        async ({ file, from, to }, by) => {
          const text = new TextDecoder().decode(files[file]);
          const changed = new TextEncoder().encode(text.slice(0, from) + by + text.slice(to));
          await opensOrTells(write('model.pt', zipSync({ ...files, [file]: changed }, { level: 0 })));
        },
      ),
      { numRuns: RUNS, includeErrorInReport: true },
    );
  }, 60_000);
});
