import { labelOf } from '../classes.ts';
import type { HeatmapResult, Picture, TableResult } from '../results.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { guessUnknown } from './overlap.ts';
import type { Answers } from './passes.ts';
import { windowCount, type Windows } from './windows.ts';

/** Classes that get a picture. */
const SHOWN = 9;
/** How bright the rest of a picture is. */
const DIMMED = 0.22;

/**
 * Zeiler & Fergus' map of the predicted class (figure 6e): for each class that the network sees with some window hidden, where that
 * is: the picture, dark but for the middles of those windows. Numbers and arrays are those of the score map.
 */
export function classView(
  context: Context,
  windows: Windows,
  answers: readonly Answers[],
  map: HeatmapResult,
): TableResult {
  const { session, image } = context;
  const [{ classes, seen }] = answers as [Answers];
  const known = Float64Array.from(classes, (index) => (index < 0 ? NaN : index));
  const all = guessUnknown(windows, known);
  const counts = new Map<number, number>();
  for (const index of all) counts.set(index, (counts.get(index) ?? 0) + 1);
  const total = windowCount(windows);
  const listed = [...counts].sort(([a, many], [b, more]) => Number(b === seen) - Number(a === seen) || more - many);
  const label = (index: number) => labelOf(session.description.labels, index);
  const { picture } = image;
  return {
    kind: 'table',
    title: `What the network sees of ${image.name} with a part hidden`,
    columns: [{ name: 'class' }, { name: 'label' }, { name: 'windows' }, { name: 'share', unit: '%' }],
    rows: listed.map(([index, count]) => [index, label(index), count, Math.round((1000 * count) / total) / 10]),
    ...(picture && {
      pictures: listed.slice(0, SHOWN).map(([index, count]) => ({
        label: `${label(index)}: ${count} of ${total}`,
        picture: lit(picture, windows, (window) => all[window] === index),
      })),
    }),
    arrays: map.arrays,
    metrics: map.metrics,
    notes: [
      'Bright: hide a window about here, and the network sees this class. The first is what it sees with nothing hidden.',
    ],
  };
}

/** The picture, dark but for the pixels whose nearest window is chosen. */
function lit({ width, height, rgb }: Picture, windows: Windows, chosen: (window: number) => boolean): Picture {
  const rows = nearest(height, windows.rows, windows.height);
  const columns = nearest(width, windows.columns, windows.width);
  const shown = rgb.map((value, i) => {
    const pixel = Math.floor(i / 3);
    const window = rows[Math.floor(pixel / width)]! * windows.columns.length + columns[pixel % width]!;
    return chosen(window) ? value : value * DIMMED;
  });
  return { width, height, rgb: shown };
}

/** By pixel along an axis: the window with the nearest middle. */
function nearest(size: number, starts: readonly number[], window: number): number[] {
  const middles = starts.map((start) => (start + Math.min(start + window, size) - 1) / 2);
  return Array.from({ length: size }, (_, i) => {
    const distances = middles.map((middle) => Math.abs(middle - i));
    return distances.indexOf(Math.min(...distances));
  });
}
