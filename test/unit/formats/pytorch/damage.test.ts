import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { survives } from '../damage.ts';
import { safetensors } from './files.ts';
import { fixture } from './fixtures.ts';

describe('damaged PyTorch files open or tell', () => {
  it.each(['tiny.pt', 'tiny-module.pt', 'tiny-legacy.pt', 'tiny-traced.pt', 'tiny-scripted.pt', 'tiny.pt2'])(
    '%s',
    async (name) => {
      const bytes = new Uint8Array(readFileSync(fixture(name)));
      await survives(bytes, name, bytes.length);
    },
    60_000,
  );

  it('safetensors', async () => {
    const bytes = safetensors({
      __metadata__: { format: 'pt' },
      'conv.weight': { dtype: 'F32', shape: [2, 3, 3, 3], data_offsets: [0, 216] },
      'conv.bias': { dtype: 'F16', shape: [2], data_offsets: [216, 220] },
    });
    await survives(bytes, 'model.safetensors', bytes.length - 220);
  }, 60_000);
});
