/** The best picture of a class so far. */
export interface Elite<Genome> {
  readonly genome: Genome;
  /** The class's probability. */
  readonly confidence: number;
  /** The how manieth picture of the run it is. */
  readonly serial: number;
}

/**
 * MAP-Elites' archive: for each class the picture of which the network is surest (Mouret & Clune 2015; Nguyen 2015, §2.3). A picture
 * is set against all classes; which of equal ones stays does not depend on the order in which they come.
 */
export class Elites<Genome> {
  readonly #elites: Elite<Genome>[] = [];

  constructor(readonly classes: readonly number[]) {}

  /** @param probabilities  by class of the network */
  challenge(genome: Genome, serial: number, probabilities: ArrayLike<number>): void {
    this.classes.forEach((index, n) => {
      const confidence = probabilities[index]!;
      const best = this.#elites[n];
      if (!best || confidence > best.confidence || (confidence === best.confidence && serial < best.serial))
        this.#elites[n] = { genome, confidence, serial };
    });
  }

  /** In the order of the classes; empty before the first challenge. */
  get all(): readonly Elite<Genome>[] {
    return [...this.#elites];
  }
}
