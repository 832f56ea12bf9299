import { describe, expect, it } from 'vitest';
import { checkFits } from '../../../src/core/engines/fits.ts';
import { GraphBuilder } from '../../../src/core/graph/builder.ts';
import { BATCH } from '../../../src/core/graph/graph.ts';
import { showBytes } from '../../../src/core/show-bytes.ts';

/** x, N×4×2×2, put beside itself so often: twice the channels each time. */
function doubled(times: number) {
  const builder = new GraphBuilder();
  let last = builder.input('x', [BATCH, 4, 2, 2]);
  for (let n = 0; n < times; n++) last = builder.add('Concat', [last, last], { axis: 1 });
  return builder.graph([last]);
}

describe('what a program needs', () => {
  it('is refused before it runs where no machine has it', () => {
    expect(() => checkFits(doubled(40))).toThrow(
      /^Not enough memory: Concat '.*' alone needs 140\.7 TB for one image, and this machine has .* Choose a layer before it/,
    );
    expect(() => checkFits(doubled(40))).toThrow(expect.objectContaining({ kind: 'engine' }));
  });

  it('is what the largest operator takes and gives', () => {
    // 2 · 16 and 32 values of four bytes.
    expect(() => checkFits(doubled(1), 256)).not.toThrow();
    expect(() => checkFits(doubled(1), 255)).toThrow('alone needs 1 kB');
  });

  it('is not asked where a size is only known when it runs', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [BATCH, 4]);
    const wide = builder.add('Expand', [builder.scalar(1), builder.add('Shape', [x])]);
    expect(() => checkFits(builder.graph([builder.add('Mul', [x, wide])]), 1e6)).not.toThrow();
  });

  it('is said in a unit that can be read', () => {
    expect([999, 3.4e6, 17.2e9, 4e12, 9e24].map(showBytes)).toEqual([
      '1 kB',
      '3.4 MB',
      '17.2 GB',
      '4.0 TB',
      '9000000.0 EB',
    ]);
  });
});
