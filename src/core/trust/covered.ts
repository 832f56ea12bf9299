import { values } from '../attribution/gradients.ts';
import type { Goal } from '../attribution/goal.ts';
import { asMaps } from '../attribution/reduce.ts';
import type { Session } from '../session.ts';
import type { Context } from '../visualizers/visualizer.ts';

/** A part of an image, in pixels. */
export interface Square {
  readonly y: number;
  readonly x: number;
  readonly height: number;
  readonly width: number;
}

/** The numbers of its pixels in an image that is so wide. */
export const pixelsOf = ({ y, x, height, width }: Square, across: number): number[] =>
  Array.from({ length: height * width }, (_, i) => (y + Math.floor(i / width)) * across + x + (i % width));

interface Remembered {
  readonly question: readonly (string | ArrayLike<number>)[];
  readonly changes: Float64Array;
}

/** What was asked last: the maps of several methods are tested by the same squares. */
const last = new WeakMap<Session, Remembered>();

/**
 * What covering each square takes from the goal's value: Δ = f(x) − f(x with the square covered), by square. `cover`: one image. One forward
 * pass a square and one more, or none where the same was asked last. Yields what is done so far.
 */
export async function* coveredChanges(
  context: Context,
  goal: Goal,
  squares: readonly Square[],
  cover: Float32Array,
): AsyncGenerator<number, Float64Array, void> {
  const { session, image } = context;
  const [, channels, height, width] = asMaps(image.tensor.shape);
  const area = height * width;
  const data = image.tensor.data.subarray(0, channels * area);
  const feeds = Object.entries({ ...image.feeds, ...goal.feeds }).flatMap(([name, tensor]) => [
    name,
    tensor.data as Float32Array,
  ]);
  const places = squares.flatMap((square) => [square.y, square.x, square.height, square.width]);
  const question = [goal.objective.key, data, cover, ...feeds, places];
  const known = last.get(session);
  if (known && same(known.question, question)) return known.changes;
  const answers = new Float64Array(squares.length + 1);
  const inputs = {
    count: squares.length + 1,
    image: () => 0,
    fill(i: number, into: Float32Array) {
      into.set(data);
      for (const pixel of i === 0 ? [] : pixelsOf(squares[i - 1]!, width))
        for (let c = 0; c < channels; c++) into[c * area + pixel] = cover[c * area + pixel]!;
    },
  };
  for await (const some of values(context, goal, inputs)) {
    answers.set(some.values, some.from);
    yield (some.from + some.count) / inputs.count;
  }
  const changes = answers.slice(1).map((value) => answers[0]! - value);
  last.set(session, { question, changes });
  return changes;
}

type Question = Remembered['question'];

const same = (a: Question, b: Question): boolean => a.length === b.length && a.every((part, i) => equal(part, b[i]!));

function equal(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
