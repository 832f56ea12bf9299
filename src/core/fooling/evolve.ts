import type { Random } from '../optimization/random.ts';
import { Elites, type Elite } from './elites.ts';
import type { Encoding } from './encoding.ts';
import type { Judge } from './evaluate.ts';

interface Options {
  readonly classes: readonly number[];
  readonly generations: number;
  /** Pictures of each generation, of the first too. */
  readonly offspring: number;
  readonly random: Random;
  readonly stopped: () => boolean;
}

/** How far evolution is. */
export interface Evolved<Genome> {
  /** Pictures that were looked at. */
  readonly done: number;
  readonly total: number;
  /** By class asked for; empty before the first pictures. */
  readonly elites: readonly Elite<Genome>[];
  /** By generation that is over, the first pictures' included: the confidence of each class. */
  readonly history: readonly Float32Array[];
}

/**
 * MAP-Elites over all classes at once (Nguyen 2015, §2.3): each generation's pictures are changed copies of champions, whichever
 * class they are of, and each is set against the champions of all. Yields after each batch of pictures.
 */
export async function* evolve<Genome>(
  encoding: Encoding<Genome>,
  judge: Judge,
  { classes, generations, offspring, random, stopped }: Options,
): AsyncGenerator<Evolved<Genome>, void, void> {
  const elites = new Elites<Genome>(classes);
  const history: Float32Array[] = [];
  const total = (generations + 1) * offspring;
  let done = 0;
  for (let generation = 0; generation <= generations && !stopped(); generation++) {
    const parents = elites.all;
    const any = () => parents[random.upTo(parents.length - 1)]!;
    function* pictures() {
      for (let n = 0; n < offspring; n++) {
        const genome =
          generation === 0
            ? encoding.first(random)
            : encoding.offspring(any().genome, any().genome, generation, random);
        yield { genome, serial: generation * offspring + n };
      }
    }
    const looks = judge.judge(
      pictures(),
      ({ genome }, picture) => encoding.paint(genome, picture),
      ({ genome, serial }, answer) => {
        elites.challenge(genome, serial, answer);
        done++;
      },
      stopped,
    );
    for await (const _ of looks) {
      // Batches of several lanes may end together, and are told of one by one.
      if (done === (generation + 1) * offspring && history.length === generation)
        history.push(Float32Array.from(elites.all, ({ confidence }) => confidence));
      yield { done, total, elites: elites.all, history };
    }
  }
}
