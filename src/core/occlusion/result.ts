import type { Goal } from '../attribution/goal.ts';
import { heatmap, isZero } from '../attribution/heatmap.ts';
import { asMaps } from '../attribution/reduce.ts';
import { labelOf } from '../classes.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import type { HeatmapResult } from '../results.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { guessUnknown, overlapMap, type Overlap } from './overlap.ts';
import type { Answers } from './passes.ts';
import { windowCount, type Windows } from './windows.ts';

interface Parts {
  readonly goal: Goal;
  readonly windows: Windows;
  readonly answers: readonly Answers[];
  readonly overlap: Overlap;
}

/** The map as far as it is known; windows to come look like their neighbours. */
export function occlusionResult(context: Context, { goal, windows, answers, overlap }: Parts): HeatmapResult {
  const { shape } = context.image.tensor;
  const [images, channels, height, width] = asMaps(shape);
  const area = height * width;
  const map = new Float32Array(images * area);
  const attribution = new Float32Array(images * channels * area);
  answers.forEach(({ score, values }, n) => {
    const costs = guessUnknown(windows, values).map((value) => score - value || 0);
    const own = overlapMap(windows, costs, overlap);
    map.set(own, n * area);
    for (let c = 0; c < channels; c++) attribution.set(own, (n * channels + c) * area);
  });
  const [first] = answers as [Answers];
  const { rows, columns } = windows;
  return heatmap({
    context,
    goal,
    title: 'Occlusion',
    attribution,
    map: float32(map, [images, height, width]),
    signed: true,
    arrays: first.classes.length > 0 ? { predictions: predictions(answers, windows) } : {},
    metrics: {
      [goal.measure]: answers.map(({ score }) => score),
      windows: windowCount(windows),
      window: windows.height,
      stride: rows[1] ?? columns[1] ?? windows.height,
    },
    notes: [
      ...mistakes(context, first),
      ...leftOut(windows),
      ...(isZero(map) ? [`Nothing that was hidden changes anything for ${goal.name}.`] : []),
    ],
  });
}

function predictions(answers: readonly Answers[], { rows, columns }: Windows): Tensor<'int32'> {
  const data = Int32Array.from(answers.flatMap(({ classes }) => [...classes]));
  return { dtype: 'int32', shape: [answers.length, rows.length, columns.length], data };
}

/** What the network takes the image for where a window makes it change its mind. */
function mistakes({ session }: Context, { classes, seen }: Answers): string[] {
  const counts = new Map<number, number>();
  for (const index of classes) if (index >= 0 && index !== seen) counts.set(index, (counts.get(index) ?? 0) + 1);
  if (counts.size === 0) return [];
  const label = (index: number) => `'${labelOf(session.description.labels, index)}'`;
  const most = [...counts].sort(([a, many], [b, more]) => more - many || a - b).slice(0, 3);
  const list = most.map(([index, count]) => `${label(index)} (${count})`).join(', ');
  const others = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const known = classes.filter((index) => index >= 0).length;
  return [`Hiding ${others} of the ${known} windows makes the network see another class than ${label(seen)}: ${list}.`];
}

/** Pixels that no window hides. */
function leftOut({ rows, columns, height, width, picture }: Windows): string[] {
  const reached = rows.at(-1)! + height >= picture.height && columns.at(-1)! + width >= picture.width;
  const gaps = (rows[1] ?? 0) > height || (columns[1] ?? 0) > width;
  if (reached && !gaps) return [];
  const where = gaps ? 'Between the windows' : 'At the right or lower border, which the last window does not reach,';
  return [`${where} nothing was hidden: the map is zero there.`];
}
