import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeNpy } from '../../../src/core/arrays/npy.ts';
import { classScores } from '../../../src/core/classes.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { loadInput } from '../../../src/core/inputs.ts';
import { tinyNetwork } from '../visualizers/tiny-network.ts';

const SHAPE = [2, 3, 6, 5];
const file = (values: Float32Array) => {
  const path = join(mkdtempSync(join(tmpdir(), 'layerscope-')), 'x.npy');
  writeFileSync(path, encodeNpy(float32(values, SHAPE)));
  return path;
};

describe('an array as the input', () => {
  it.each([NaN, Infinity, -Infinity])('that holds %d is refused, and its place said', async (value) => {
    const values = new Float32Array(180);
    values[90 + 30 + 2 * 5 + 4] = value;
    const load = loadInput(await tinyNetwork(), { path: file(values) });
    await expect(load).rejects.toThrow(`x.npy: the value at [1, 1, 2, 4] is ${value}; finite numbers were expected.`);
    await expect(load).rejects.toMatchObject({ kind: 'file' });
  });

  it('whose values are too large for the network is told so', async () => {
    const session = await tinyNetwork();
    const { feeds } = await loadInput(session, { path: file(new Float32Array(180).fill(3e38)) });
    await expect(classScores(session, feeds, 'softmax', undefined)).rejects.toMatchObject({
      kind: 'engine',
      message: expect.stringContaining(
        "From layer 'conv' on, the values for this input are no numbers any more",
      ) as string,
    });
  });
});
