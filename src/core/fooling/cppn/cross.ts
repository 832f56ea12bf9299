import type { Random } from '../../optimization/random.ts';
import type { Genome } from './genome.ts';

/**
 * A child of two genomes: what both have (by innovation number, nodes by id) comes from either, what only one has from the first.
 * Stanley & Miikkulainen 2002, §3.2, with the first for the fitter: champions of two classes can't be compared.
 */
export function cross(first: Genome, second: Genome, random: Random): Genome {
  const links = new Map(second.links.map((link) => [link.innovation, link]));
  const nodes = new Map(second.nodes.map((node) => [node.id, node]));
  const either = <T>(own: T, other: T | undefined) => (other !== undefined && random.uniform() < 0.5 ? other : own);
  return {
    nodes: first.nodes.map((node) => either(node, nodes.get(node.id))),
    // Whether a link is enabled is part of the first's structure, which has no cycles.
    links: first.links.map((link) => ({ ...link, weight: either(link, links.get(link.innovation)).weight })),
  };
}
