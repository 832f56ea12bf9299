import { prune, withInputSize } from '../graph/passes.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import type { ImagesResult } from '../results.ts';
import type { StimulusPlan } from './plan.ts';

/**
 * What all units of the layer answer to each picture: `sensitivity`, pictures × units, σ of the mean over a unit's map (Erhan et al. 2009, §6),
 * as a further array of the result, with what it says in words.
 */
export async function withSensitivity(plan: StimulusPlan, result: ImagesResult): Promise<ImagesResult> {
  const answers = await answersTo(plan, result.arrays['image'] as Tensor<'float32'>);
  const rows = answers.map((answer) => answer.map((value) => 1 / (1 + Math.exp(-value))));
  const sensitivity = float32(Float32Array.from(rows.flat()), [rows.length, rows[0]!.length]);
  return { ...result, arrays: { ...result.arrays, sensitivity }, notes: [...result.notes, ...inWords(plan, answers)] };
}

/** By picture and unit, the mean over the unit's map. */
async function answersTo({ context, goal, input, size }: StimulusPlan, image: Tensor<'float32'>): Promise<number[][]> {
  const { session } = context;
  const program = () => prune(withInputSize(session.model.graph, input.name, ...size), [goal.tensor]);
  const found = await session.run(`all(${goal.tensor},${size})`, program, { [input.name]: image });
  const { data, shape } = found[goal.tensor] as Tensor<'float32'>;
  const [pictures, units, ...map] = shape as [number, number, ...number[]];
  const area = map.reduce((product, side) => product * side, 1);
  const mean = (at: number) => data.subarray(at * area, (at + 1) * area).reduce((sum, value) => sum + value, 0) / area;
  return Array.from({ length: pictures }, (_, n) => Array.from({ length: units }, (_, c) => mean(n * units + c)));
}

/** For each aim: how far its pictures agree, and whether the unit that they are for answers most of all. */
function inWords({ pictures, recipe }: StimulusPlan, answers: readonly (readonly number[])[]): string[] {
  const aims = [...new Set(pictures.slice(0, answers.length).map(({ aim }) => aim))];
  return aims.map((aim) => {
    const own = answers.filter((_, n) => pictures[n]!.aim === aim);
    const { channel } = aim.unit;
    const most = own.filter((answer) => answer.every((value) => value <= answer[channel]!)).length;
    const first = recipe.choice?.negative ? '' : `of all ${own[0]!.length} units it is the strongest in ${most}; `;
    const many = own.length > 1 ? `${own.length} pictures of ${aim.label}: ` : `The picture of ${aim.label}: `;
    const alike =
      own.length > 1 ? `what the units answer is alike by ${meanCorrelation(own).toFixed(2)} (correlation)` : '';
    return `${many}${first}${alike}`.replace(/; $/, '') + '.';
  });
}

/** The mean of Pearson's correlation over all pairs. */
export function meanCorrelation(rows: readonly (readonly number[])[]): number {
  const centred = rows.map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    const off = row.map((value) => value - mean);
    const norm = Math.hypot(...off) || 1;
    return off.map((value) => value / norm);
  });
  let sum = 0;
  let pairs = 0;
  centred.forEach((a, i) =>
    centred.slice(0, i).forEach((b) => {
      sum += a.reduce((dot, value, k) => dot + value * b[k]!, 0);
      pairs++;
    }),
  );
  return sum / pairs;
}
