import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxFlow, NEIGHBOURS, type GridCapacities } from '../../../src/core/localisation/max-flow.ts';
import { random } from '../../../src/core/optimization/random.ts';

/** What is cut when the pixels of `side` are on the source's side. */
function cutValue({ width, height, source, sink, links }: GridCapacities, side: (pixel: number) => boolean): number {
  let cut = 0;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    cut += side(pixel) ? sink[pixel]! : source[pixel]!;
    if (!side(pixel)) continue;
    NEIGHBOURS.forEach(([dx, dy], d) => {
      if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) return;
      if (!side(pixel + dy * width + dx)) cut += links[pixel * 8 + d]!;
    });
  }
  return cut;
}

/** Whole numbers, so that sums are exact; many zeros, so that there are trees that die. */
function randomGrid(width: number, height: number, seed: number): GridCapacities {
  const { upTo, uniform } = random(seed);
  const some = (length: number, most: number, zeros: number) =>
    Float64Array.from({ length }, () => (uniform() < zeros ? 0 : upTo(most)));
  const size = width * height;
  return { width, height, source: some(size, 20, 0.5), sink: some(size, 20, 0.5), links: some(size * 8, 9, 0.2) };
}

describe('maxFlow', () => {
  it('is the smallest of all cuts of a 4×4 grid', () => {
    for (let seed = 0; seed < 6; seed++) {
      const grid = randomGrid(4, 4, seed);
      let smallest = Infinity;
      for (let set = 0; set < 2 ** 16; set++)
        smallest = Math.min(
          smallest,
          cutValue(grid, (pixel) => ((set >> pixel) & 1) === 1),
        );
      const { flow, side } = maxFlow(grid);
      expect(flow).toBe(smallest);
      expect(cutValue(grid, (pixel) => side[pixel] === 1)).toBe(smallest);
    }
  });

  it('equals the cut that it returns on grids of any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 13 }), fc.integer({ min: 1, max: 13 }), fc.nat(1e6), (w, h, seed) => {
        const grid = randomGrid(w, h, seed);
        const { flow, side } = maxFlow(grid);
        expect(cutValue(grid, (pixel) => side[pixel] === 1)).toBe(flow);
      }),
    );
  });

  it('cuts a chain at its weakest link', () => {
    const links = new Float64Array(4 * 8);
    [5, 2, 7].forEach((capacity, x) => (links[x * 8] = capacity));
    const ends = (at: number) => Float64Array.from({ length: 4 }, (_, x) => (x === at ? 100 : 0));
    const { flow, side } = maxFlow({ width: 4, height: 1, source: ends(0), sink: ends(3), links });
    expect(flow).toBe(2);
    expect([...side]).toEqual([1, 1, 0, 0]);
  });

  // scipy 1.x: maximum_flow(csr_matrix((capacities, (from, to))), source, sink).flow_value
  it.each([
    [7, 9, 1, 251],
    [30, 20, 2, 2614],
    [64, 64, 3, 19399],
  ])('is that of scipy on a grid of %i×%i', (width, height, seed, flow) => {
    expect(maxFlow(randomGrid(width, height, seed)).flow).toBe(flow);
  });
});
