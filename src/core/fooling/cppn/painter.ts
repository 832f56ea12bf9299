import type { Size } from '../../optimization/picture-size.ts';
import { activate } from './activations.ts';
import { INPUTS, inOrder, type Genome } from './genome.ts';
import { hsvToRgb } from './hsv.ts';

/** Pixels that are painted together: the values of all nodes there stay in the cache. */
const BLOCK = 2048;

/**
 * Pixels to one unit of x, y and radius. (The papers' own program counts in single pixels and allows weights of ±10, which leaves
 * much to aliasing; −1 to 1 over the whole picture leaves large pictures without texture.)
 */
const UNIT = 8;

/** Paints what networks make of the places of a grid: x and y from the centre, the distance from there, and 1. */
export class Painter {
  readonly #area: number;
  /** By input: its value at each pixel. */
  readonly #inputs: readonly Float32Array[];
  /** By place in a network's order: the values of its nodes in the block at hand. */
  readonly #buffers: Float32Array[] = [];

  /** One output is grey, three are hue, saturation and value; of other numbers each is a channel. */
  constructor(
    readonly outputs: number,
    [height, width]: Size,
  ) {
    this.#area = height * width;
    const at = (i: number, count: number) => (i - (count - 1) / 2) / UNIT;
    const grid = (value: (x: number, y: number) => number) =>
      Float32Array.from({ length: this.#area }, (_, i) =>
        value(at(i % width, width), at(Math.floor(i / width), height)),
      );
    this.#inputs = [grid((x) => x), grid((_, y) => y), grid((x, y) => Math.hypot(x, y)), grid(() => 1)];
  }

  /** Into outputs×h×w, 0..1: a node's magnitude counts, as −1 to 1 is what it gives. */
  paint(genome: Genome, picture: Float32Array): void {
    const nodes = inOrder(genome, this.outputs);
    const place = new Map(nodes.map(({ id }, n) => [id, n]));
    while (this.#buffers.length < nodes.length) this.#buffers.push(new Float32Array(BLOCK));
    const terms = nodes.map((): Term[] => []);
    for (const { from: source, to, weight, enabled } of genome.links) {
      const buffer = source < INPUTS.length ? undefined : this.#buffers[place.get(source) ?? -1];
      const values = buffer ?? this.#inputs[source];
      if (enabled && values) terms[place.get(to) ?? -1]?.push({ values, whole: !buffer, weight });
    }
    for (let from = 0; from < this.#area; from += BLOCK) {
      const count = Math.min(BLOCK, this.#area - from);
      nodes.forEach(({ activation }, n) => {
        sumUp(this.#buffers[n]!, terms[n]!, from, count);
        activate(activation, this.#buffers[n]!, count);
      });
      for (let c = 0; c < this.outputs; c++) {
        const values = this.#buffers[place.get(INPUTS.length + c)!]!;
        for (let i = 0; i < count; i++) picture[c * this.#area + from + i] = Math.abs(values[i]!);
      }
    }
    if (this.outputs === 3) hsvToRgb(picture, this.#area);
  }
}

/** What reaches a node by a link. */
interface Term {
  readonly values: Float32Array;
  /** Of the whole picture, not of the block at hand. */
  readonly whole: boolean;
  readonly weight: number;
}

/** Σ weight · value of a block. */
function sumUp(to: Float32Array, terms: readonly Term[], from: number, count: number): void {
  const [first, ...more] = terms;
  if (!first) to.fill(0, 0, count);
  else {
    const { values, whole, weight } = first;
    for (let i = 0, at = whole ? from : 0; i < count; i++, at++) to[i] = weight * values[at]!;
  }
  for (const { values, whole, weight } of more)
    for (let i = 0, at = whole ? from : 0; i < count; i++, at++) to[i]! += weight * values[at]!;
}
