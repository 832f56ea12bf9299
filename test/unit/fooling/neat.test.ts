import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cross } from '../../../src/core/fooling/cppn/cross.ts';
import { INPUTS, inOrder, MOST_WEIGHT, type Genome } from '../../../src/core/fooling/cppn/genome.ts';
import { Innovations } from '../../../src/core/fooling/cppn/innovations.ts';
import { addLink, addNode, firstGenome, mutate, removeNode } from '../../../src/core/fooling/cppn/mutate.ts';
import { random } from '../../../src/core/optimization/random.ts';
import '../../support/properties.ts';

const outputs = 3;
const begin = (seed = 0) => {
  const innovations = new Innovations(INPUTS.length + outputs);
  const own = random(seed);
  return { innovations, own, genome: firstGenome(outputs, innovations, own) };
};

/** Throws where a genome is no network without cycles of the nodes it lists. */
function check({ nodes, links }: Genome): void {
  const ids = nodes.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.slice(0, outputs)).toEqual([4, 5, 6]);
  expect(new Set(links.map(({ innovation }) => innovation)).size).toBe(links.length);
  const known = new Set([...INPUTS.keys(), ...ids]);
  for (const { from, to, weight } of links) {
    expect(known.has(from) && ids.includes(to)).toBe(true);
    expect(Math.abs(weight)).toBeLessThanOrEqual(MOST_WEIGHT);
  }
  const enabled = { nodes, links: links.map((link) => ({ ...link, enabled: true })) };
  const place = new Map(inOrder(enabled, outputs).map(({ id }, n) => [id, n]));
  for (const { from, to } of links)
    if (place.has(to) && from >= INPUTS.length) expect(place.get(from)).toBeLessThan(place.get(to)!);
}

describe('NEAT', () => {
  it('begins with all inputs linked to all outputs', () => {
    const { genome } = begin();
    expect(genome.links.map(({ from, to }) => `${from}>${to}`)).toHaveLength(12);
    expect(new Set(genome.links.map(({ from, to }) => `${from}>${to}`)).size).toBe(12);
    check(genome);
  });

  it('makes networks without cycles, whatever is changed and mixed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const { innovations, own, genome } = begin(seed);
        let [a, b] = [genome, firstGenome(outputs, innovations, own)];
        for (let i = 0; i < 40; i++) {
          a = mutate(a, outputs, innovations, own);
          b = mutate(cross(b, a, own), outputs, innovations, own);
        }
        check(a);
        check(b);
      }),
      { numRuns: 40 },
    );
  });

  it('gives one innovation number to one link, in all genomes of a run', () => {
    const { innovations, own, genome } = begin(5);
    const numbers = new Map<number, string>();
    let genomes = [genome, genome, firstGenome(outputs, innovations, own)];
    for (let i = 0; i < 60; i++) {
      genomes = genomes.map((one) => mutate(one, outputs, innovations, own));
      for (const { innovation, from, to } of genomes.flatMap(({ links }) => links)) {
        expect(numbers.get(innovation) ?? `${from}>${to}`).toBe(`${from}>${to}`);
        numbers.set(innovation, `${from}>${to}`);
      }
    }
    expect(new Set(numbers.values()).size).toBe(numbers.size);
    expect(numbers.size).toBeGreaterThan(40);
  });

  it('puts the same node on the same link, another one where that is there already', () => {
    const innovations = new Innovations(7);
    const first = innovations.node(3, () => false);
    expect(innovations.node(3, () => false)).toBe(first);
    expect(innovations.node(4, () => false)).not.toBe(first);
    const second = innovations.node(3, (id) => id === first);
    expect(second).not.toBe(first);
    expect(innovations.node(3, (id) => id === first)).toBe(second);
    expect(first).toBe(7);
  });

  it('puts a node on a link: 1 in, the old weight out, the link disabled', () => {
    const { innovations, own, genome } = begin();
    const grown = addNode(genome, innovations, own);
    const [node] = grown.nodes.slice(outputs);
    const [split] = grown.links.filter(({ enabled }) => !enabled);
    const [into, out] = grown.links.slice(-2);
    expect(node!.id).toBe(7);
    expect(into).toMatchObject({ from: split!.from, to: 7, weight: 1, enabled: true });
    expect(out).toMatchObject({ from: 7, to: split!.to, weight: split!.weight, enabled: true });
    const back = removeNode(grown, outputs, own);
    expect(back.nodes).toEqual(genome.nodes);
    expect(back.links.filter(({ enabled }) => enabled)).toHaveLength(11);
    // A link between those that have a disabled one takes its place, and its number.
    let linked = grown;
    for (let i = 0; i < 200; i++) linked = addLink(linked, innovations, own);
    expect(linked.links.find(({ innovation }) => innovation === split!.innovation)!.enabled).toBe(true);
  });

  it('mixes genes that both parents have; the rest is the first one’s', () => {
    const { innovations, own, genome } = begin();
    const other = { ...genome, links: genome.links.map((link) => ({ ...link, weight: 99 })).slice(0, 6) };
    const first = addNode(genome, innovations, own);
    const child = cross(first, other, own);
    expect(child.links.map(({ innovation, enabled }) => [innovation, enabled])).toEqual(
      first.links.map(({ innovation, enabled }) => [innovation, enabled]),
    );
    const mixed = child.links.slice(0, 6).filter(({ weight }) => weight === 99).length;
    expect(mixed).toBeGreaterThan(0);
    expect(mixed).toBeLessThan(6);
    expect(child.links.slice(6)).toEqual(first.links.slice(6));
  });
});
