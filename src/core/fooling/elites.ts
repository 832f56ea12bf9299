import type { ClassScores } from '../classes.ts';

/** The best picture of a class so far. */
export interface Elite<Genome> {
  readonly genome: Genome;
  /** The class's probability. */
  readonly confidence: number;
  /** How far the class's score lies above the best of the others: says more where a probability is rounded to 0 or 1. */
  readonly lead: number;
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

  challenge(genome: Genome, serial: number, { probabilities, scores }: ClassScores): void {
    const [best, second] = largestTwo(scores);
    this.classes.forEach((index, n) => {
      const score = scores[index]!;
      const lead = score - (score === best ? second : best);
      const one = { genome, confidence: probabilities[index]!, lead, serial };
      const champion = this.#elites[n];
      if (!champion || isSurer(one, champion)) this.#elites[n] = one;
    });
  }

  /** In the order of the classes; empty before the first challenge. */
  get all(): readonly Elite<Genome>[] {
    return [...this.#elites];
  }
}

type Rank = Pick<Elite<unknown>, 'confidence' | 'lead' | 'serial'>;

const isSurer = (one: Rank, other: Rank): boolean =>
  (one.confidence - other.confidence || one.lead - other.lead || other.serial - one.serial) > 0;

function largestTwo(values: readonly number[]): [number, number] {
  let [best, second] = [-Infinity, -Infinity];
  for (const value of values)
    if (value > best) [best, second] = [value, best];
    else if (value > second) second = value;
  return [best, second];
}
