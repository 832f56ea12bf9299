import type { Size } from '../../optimization/picture-size.ts';
import type { Encoding } from '../encoding.ts';
import { cross } from './cross.ts';
import { INPUTS, type Genome } from './genome.ts';
import { Innovations } from './innovations.ts';
import { firstGenome, mutate } from './mutate.ts';
import { Painter } from './painter.ts';

/**
 * Indirect encoding: a picture is what a small network makes of each pixel's place, grey or hue, saturation and value (of other channels one output each); the network
 * evolves by NEAT (Nguyen 2015, §2.3; Stanley & Miikkulainen 2002). `crossover`: the chance that a child has two parents.
 */
export function cppn(outputs: number, size: Size, crossover: number): Encoding<Genome> {
  const innovations = new Innovations(INPUTS.length + outputs);
  const painter = new Painter(outputs, size);
  return {
    first: (random) => firstGenome(outputs, innovations, random),
    offspring(parent, other, _, random) {
      const child = random.uniform() < crossover ? cross(parent, other, random) : parent;
      return mutate(child, outputs, innovations, random);
    },
    paint: (genome, picture) => painter.paint(genome, picture),
  };
}
