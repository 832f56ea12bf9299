import type { Random } from '../../optimization/random.ts';
import { mutated } from '../polynomial.ts';
import { ACTIVATIONS, INPUTS, MOST_WEIGHT, wouldCycle, type Genome, type Link, type Node } from './genome.ts';
import type { Innovations } from './innovations.ts';

/** Chances by offspring; of weights and activation functions by gene. Those of the paper's own experiments. */
const CHANCES = { weight: 0.1, activation: 0.1, addLink: 0.5, removeLink: 0.3, addNode: 0.5, removeNode: 0.2 };

const pick = <T>(all: readonly T[], random: Random): T => all[random.upTo(all.length - 1)]!;
const anyWeight = (random: Random) => MOST_WEIGHT * (2 * random.uniform() - 1);

/** All inputs linked to all outputs, with random weights and activation functions. */
export function firstGenome(outputs: number, innovations: Innovations, random: Random): Genome {
  const ids = Array.from({ length: outputs }, (_, i) => INPUTS.length + i);
  return {
    nodes: ids.map((id) => ({ id, activation: pick(ACTIVATIONS, random) })),
    links: ids.flatMap((to) =>
      INPUTS.map((__, from) => {
        return { innovation: innovations.link(from, to), from, to, weight: anyWeight(random), enabled: true };
      }),
    ),
  };
}

/** Changed weights and activation functions; perhaps a link or a node more, or less. `outputs` nodes stay. */
export function mutate(genome: Genome, outputs: number, innovations: Innovations, random: Random): Genome {
  const happens = (chance: number) => random.uniform() < chance;
  let changed: Genome = {
    nodes: genome.nodes.map((node) =>
      happens(CHANCES.activation) ? { ...node, activation: pick(ACTIVATIONS, random) } : node,
    ),
    links: genome.links.map((link) =>
      happens(CHANCES.weight)
        ? { ...link, weight: mutated(link.weight, random.uniform(), -MOST_WEIGHT, MOST_WEIGHT) }
        : link,
    ),
  };
  if (happens(CHANCES.addLink)) changed = addLink(changed, innovations, random);
  if (happens(CHANCES.removeLink)) changed = removeLink(changed, random);
  if (happens(CHANCES.addNode)) changed = addNode(changed, innovations, random);
  if (happens(CHANCES.removeNode)) changed = removeNode(changed, outputs, random);
  return changed;
}

/** A link between two nodes that have none (or a disabled one), if chance finds them at once and it closes no cycle. */
export function addLink(genome: Genome, innovations: Innovations, random: Random): Genome {
  const { nodes, links } = genome;
  const to = pick(nodes, random).id;
  const source = random.upTo(INPUTS.length + nodes.length - 1);
  const from = source < INPUTS.length ? source : nodes[source - INPUTS.length]!.id;
  const known = links.find((link) => link.from === from && link.to === to);
  if (known?.enabled || wouldCycle(genome, from, to)) return genome;
  const link: Link = { innovation: innovations.link(from, to), from, to, weight: anyWeight(random), enabled: true };
  return { nodes, links: [...links.filter((one) => one !== known), link] };
}

/** One link less, whichever. */
function removeLink({ nodes, links }: Genome, random: Random): Genome {
  const gone = links.length > 0 ? pick(links, random) : undefined;
  return { nodes, links: links.filter((link) => link !== gone) };
}

/** Puts a node on a link, which is disabled: the way in weighs 1, the way out what the link did. */
export function addNode(genome: Genome, innovations: Innovations, random: Random): Genome {
  const { nodes, links } = genome;
  const enabled = links.filter((link) => link.enabled);
  if (enabled.length === 0) return genome;
  const split = pick(enabled, random);
  const id = innovations.node(split.innovation, (one) => nodes.some((node) => node.id === one));
  const node: Node = { id, activation: pick(ACTIVATIONS, random) };
  const link = (from: number, to: number, weight: number): Link => {
    return { innovation: innovations.link(from, to), from, to, weight, enabled: true };
  };
  return {
    nodes: [...nodes, node],
    links: [
      ...links.map((one) => (one === split ? { ...one, enabled: false } : one)),
      link(split.from, id, 1),
      link(id, split.to, split.weight),
    ],
  };
}

/** A hidden node less, with its links. */
export function removeNode(genome: Genome, outputs: number, random: Random): Genome {
  const hidden = genome.nodes.slice(outputs);
  if (hidden.length === 0) return genome;
  const { id: gone } = pick(hidden, random);
  return {
    nodes: genome.nodes.filter(({ id }) => id !== gone),
    links: genome.links.filter(({ from, to }) => from !== gone && to !== gone),
  };
}
