/**
 * Numbers for what is new, the same number for the same change wherever it happens, so that genomes can be mixed gene by gene
 * (Stanley & Miikkulainen 2002, §3.2). One for a run.
 */
export class Innovations {
  readonly #links = new Map<string, number>();
  readonly #splits = new Map<number, number[]>();
  #nodes: number;

  /** @param nodes  ids of inputs and outputs: hidden nodes are numbered from there. */
  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  link(from: number, to: number): number {
    const key = `${from}>${to}`;
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    this.#links.set(key, this.#links.size);
    return this.#links.size - 1;
  }

  /** The id of a node that is put on a link; another one for a genome that has those which were put there before. */
  node(link: number, taken: (id: number) => boolean): number {
    const ids = this.#splits.get(link) ?? [];
    this.#splits.set(link, ids);
    let id = ids.find((one) => !taken(one));
    if (id === undefined) ids.push((id = this.#nodes++));
    return id;
  }
}
