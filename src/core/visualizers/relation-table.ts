import { goalOf } from '../attribution/goal.ts';
import { gradientsOfImages } from '../attribution/gradients.ts';
import { isZero } from '../attribution/heatmap.ts';
import { WAYS, type Way } from '../attribution/relation/operators.ts';
import { COLUMNS } from '../attribution/relation/rows.ts';
import { relationRows } from '../attribution/relation/table.ts';
import { backwardRule } from '../graph/rules/index.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import { cut, extent } from '../images/cut.ts';
import { signedPicture } from '../images/signed-picture.ts';
import { toDeclaredLayout } from '../layouts.ts';
import type { Picture } from '../results.ts';
import { fetchTensor } from './layer-output.ts';
import { oneOf } from './parameters.ts';
import { visualizer, type Context, type Unit } from './visualizer.ts';

const NAMES: Readonly<Record<Way, string>> = {
  gradient: 'Backprop',
  deconvnet: 'DeconvNet',
  guided: 'Guided backprop',
};

/**
 * What backprop, DeconvNet and guided backprop send back from one unit: at a convolution, at a rectifier, at a max-pooling, each with
 * numbers of this image, where the same arrives; and what is left of each at the image. Default the layer's strongest unit.
 * Arrays: `backprop`, `deconvnet`, `guided`, in the shape and layout of the input. Memory: one backward pass at a time.
 */
export const relationTable = visualizer({
  id: 'relation-table',
  title: 'Three ways back',
  description:
    'What backprop, DeconvNet and guided backprop make of the same unit, operator by operator, side by side.',
  source: 'Simonyan, Vedaldi & Zisserman 2013, §4; Springenberg et al. 2014, Figure 1',
  question: 'Which pixels',
  needs: ['image', 'layer', 'unit?'],
  params: {
    switches: oneOf(
      ['recorded', 'none'],
      'In the pictures of DeconvNet and guided backprop: max-pooling by its switches, or to the centres of its windows.',
      'Max-pool switches',
    ),
  },
  async *run(given) {
    const { image, params } = given;
    const context: Context = { ...given, units: given.units ?? [await strongestUnit(given)] };
    const goal = await goalOf(context);
    const { rows, notes } = await relationRows(context, goal);
    const found = new Map<Way, Tensor<'float32'>>();
    let score: number[] = [];
    for (const way of WAYS) {
      yield { done: found.size, total: WAYS.length };
      const rule = way === 'gradient' ? undefined : backwardRule(way, params);
      const answers = await gradientsOfImages(context, goal, { rule });
      score = Array.from(answers.values);
      found.set(way, float32(answers.gradients, image.tensor.shape));
    }
    const declared = ([way, tensor]: [Way, Tensor<'float32'>]) =>
      [way === 'gradient' ? 'backprop' : way, toDeclaredLayout(tensor, image.input)] as const;
    const empty = WAYS.filter((way) => isZero(found.get(way)!.data)).map((way) => NAMES[way]);
    yield {
      done: WAYS.length,
      total: WAYS.length,
      result: {
        kind: 'table',
        title: `What three ways back send from ${goal.name}`,
        columns: COLUMNS.map((name) => ({ name })),
        rows,
        ...(image.picture && { pictures: picturesOf(context, image.picture, found) }),
        arrays: Object.fromEntries([...found].map(declared)),
        metrics: { score, ...goal.metrics },
        notes: [
          'Each row: the value x at a place of an operator’s input, what arrives from above, and what each way sends back there.',
          ...notes,
          ...empty.map((name) => `${name} sends nothing to the image: its picture is grey.`),
        ],
      },
    };
  },
});

/** What the unit sees of the image, and what each way sends there: cut to where anything arrives. */
function picturesOf({ session, image }: Context, seen: Picture, found: ReadonlyMap<Way, Tensor<'float32'>>) {
  const { width, height } = seen;
  const size = image.tensor.data.length / image.tensor.shape[0]!;
  const values = WAYS.map((way) => found.get(way)!.data.subarray(0, size));
  const box = extent(values, width, height) ?? { x0: 0, y0: 0, x1: width, y1: height };
  return [
    { label: 'What the unit sees', picture: cut(seen, box) },
    ...WAYS.map((way) => ({
      label: NAMES[way],
      picture: cut(signedPicture(found.get(way)!, session.description.input), box),
    })),
  ];
}

/** The layer's unit with the largest value for the first image. */
async function strongestUnit({ session, layer, image, signal }: Context): Promise<Unit> {
  const what = `Layer '${layer.name}'`;
  const { data, shape } = await fetchTensor(session, layer.output, image.feeds, what, signal);
  const [, channels, ...sizes] = shape as [number, number, ...number[]];
  const area = sizes.reduce((product, size) => product * size, 1);
  let best = 0;
  for (let i = 1; i < channels * area; i++) if (data[i]! > data[best]!) best = i;
  return { channel: Math.floor(best / area) };
}
