import { byFixedBatches } from '../fixed-batch.ts';
import { prune, withInputSize } from '../graph/passes.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import { inputToImage } from '../images/preprocess.ts';
import type { ImagesResult } from '../results.ts';
import type { StimulusPlan } from './plan.ts';

/**
 * What shows how far the pictures agree, as further arrays and matrices of the result, and in words: `answers`, pictures × units, the mean over a
 * unit's map that each picture brings, and `sensitivity`, σ of it; `distance`, pictures × pictures, ‖x_i − x_j‖ in units of the pictures' mean norm about the mean
 * colour: 0 for the same picture, √2 for two that have nothing in common. Erhan, Bengio, Courville & Vincent 2009, §6.
 */
export async function withSensitivity(plan: StimulusPlan, result: ImagesResult): Promise<ImagesResult> {
  const image = result.arrays['image'] as Tensor<'float32'>;
  const answers = await answersTo(plan, image);
  const rows = answers.map((answer) => answer.map((value) => 1 / (1 + Math.exp(-value))));
  const [count, units] = [rows.length, rows[0]!.length];
  const sensitivity = Float32Array.from(rows.flat());
  const shares = besideStrongest(answers);
  const distance = distances(centred(plan, image), count);
  const aims = [...new Set(plan.pictures.map(({ aim }) => aim.unit.channel))];
  return {
    ...result,
    arrays: {
      ...result.arrays,
      answers: float32(Float32Array.from(answers.flat()), [count, units]),
      sensitivity: float32(sensitivity, [count, units]),
      distance: float32(distance, [count, count]),
    },
    matrices: [
      {
        name: 'distance',
        title: 'Distances of the pictures (0: the same, 1.41: nothing in common)',
        columns: 'pictures',
        values: distance,
        range: [0, Math.max(Math.SQRT2, ...distance)],
      },
      {
        name: 'sensitivity',
        title: `What the ${units} units answer to each picture (1: the strongest of them)`,
        columns: 'units',
        values: shares,
        range: [Math.min(0, ...shares), 1],
        marked: aims,
      },
    ],
    notes: [...result.notes, ...inWords(plan, answers)],
  };
}

/** Each answer by the largest of its picture: behind rectifiers answers are so large that σ of nearly all is 1. At least −1. */
function besideStrongest(answers: readonly (readonly number[])[]): Float32Array {
  const shares = answers.flatMap((row) => {
    const most = Math.max(...row.map(Math.abs)) || 1;
    return row.map((answer) => answer / most);
  });
  return Float32Array.from(shares);
}

/** The pictures about the mean colour, 1 for black to white, one after the other. */
function centred({ context, frame }: StimulusPlan, { data }: Tensor<'float32'>): Float32Array {
  const { channels, area, centre } = frame;
  const pictures = new Float32Array(data.length);
  inputToImage(data, pictures, { channels, area, preprocessing: context.session.description.input });
  return pictures.map((value, i) => value - centre[Math.floor(i / area) % channels]!);
}

/** By pair, ‖x_i − x_j‖ over the mean of ‖x_i‖. */
function distances(pictures: Float32Array, count: number): Float32Array {
  const size = pictures.length / count;
  const each = Array.from({ length: count }, (_, n) => pictures.subarray(n * size, (n + 1) * size));
  const norm = each.reduce((sum, one) => sum + Math.sqrt(one.reduce((all, value) => all + value ** 2, 0)), 0) / count;
  const found = new Float32Array(count * count);
  each.forEach((a, i) =>
    each.slice(0, i).forEach((b, j) => {
      const square = a.reduce((sum, value, k) => sum + (value - b[k]!) ** 2, 0);
      found[i * count + j] = found[j * count + i] = Math.sqrt(square) / (norm || 1);
    }),
  );
  return found;
}

/** By picture and unit, the mean over the unit's map. */
async function answersTo({ context, goal, input, size }: StimulusPlan, image: Tensor<'float32'>): Promise<number[][]> {
  const { session } = context;
  const program = () => prune(withInputSize(session.model.graph, input.name, ...size), [goal.tensor]);
  const found = await byFixedBatches(input, image.shape[0]!, { [input.name]: image }, (some) =>
    session.run(`all(${goal.tensor},${size})`, program, some),
  );
  const { data, shape } = found[goal.tensor] as Tensor<'float32'>;
  const [pictures, units, ...map] = shape as [number, number, ...number[]];
  const area = map.reduce((product, side) => product * side, 1);
  const mean = (at: number) => data.subarray(at * area, (at + 1) * area).reduce((sum, value) => sum + value, 0) / area;
  return Array.from({ length: pictures }, (_, n) => Array.from({ length: units }, (_, c) => mean(n * units + c)));
}

/** For each aim: how far its pictures agree, and whether the unit that they are for answers most of all. */
function inWords({ pictures, recipe }: StimulusPlan, answers: readonly (readonly number[])[]): string[] {
  const aims = [...new Set(pictures.map(({ aim }) => aim))];
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
