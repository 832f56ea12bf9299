import type { Goal } from '../attribution/goal.ts';
import { float32 } from '../graph/tensor.ts';
import type { Chart, CurveResult, HeatmapResult, Series, TableResult } from '../results.ts';
import type { Visualizer } from '../visualizers/visualizer.ts';
import type { Infidelity } from './infidelity.ts';
import type { Randomisation } from './randomisation.ts';

/** What has been measured so far. */
export interface Findings {
  readonly curves: readonly Series[];
  /** The same for pixels in random order. */
  readonly references: readonly Series[];
  readonly randomisation?: Randomisation;
  readonly sensitivity?: number;
  readonly infidelity?: Infidelity;
}

/** Rank correlation from which on a map counts as the same. */
const UNCHANGED = 0.6;

export const emptyFindings: Findings = { curves: [], references: [] };

interface Parts {
  readonly method: Visualizer;
  readonly explained: HeatmapResult;
  readonly goal: Goal;
  readonly found: Findings;
}

/** Curves with their numbers; without a curve, the numbers as a table. */
export function trustResult({ method, explained, goal, found }: Parts): CurveResult | TableResult {
  const charts = [...pixelChart(found, goal), ...randomisationChart(found)];
  const common = {
    title: `How far to believe ${method.title} for ${goal.name}`,
    arrays: arraysOf(found),
    metrics: { ...numbersOf(found), ...goal.metrics },
    notes: notesOf(found, explained),
  };
  const [first, ...also] = charts;
  if (first) return { kind: 'curve', ...first, ...common, ...(also.length > 0 && { also }) };
  const rows = Object.entries(numbersOf(found)).map(([name, value]) => [name, Number(value)]);
  return { kind: 'table', columns: [{ name: 'measure' }, { name: 'value' }], rows, ...common };
}

function pixelChart({ curves, references }: Findings, goal: Goal): Chart[] {
  if (curves.length === 0) return [];
  const x = { name: curves.map(({ name }) => (name === 'deletion' ? 'deleted' : 'inserted')).join(' or ') };
  const against = goal.metrics['against'] !== undefined;
  const low = against ? -1 : 0;
  const y = {
    name: against ? `difference of ${goal.measure}` : goal.measure,
    ...(goal.measure === 'probability' && { extent: [low, 1] as const }),
  };
  return [
    {
      x: { name: `part of the pixels ${x.name}, strongest first`, extent: [0, 1] },
      y,
      series: [...curves, ...references],
    },
  ];
}

function randomisationChart({ randomisation }: Findings): Chart[] {
  if (!randomisation) return [];
  const { places, rank, ssim } = randomisation;
  return [
    {
      title: 'What stays of the map when the weights are random from the top down',
      x: { name: 'random down to layer' },
      y: { name: 'similarity', extent: [-1, 1] },
      places,
      series: [rank, ssim],
    },
  ];
}

function arraysOf({ curves, references, randomisation }: Findings): CurveResult['arrays'] {
  const rows = (lines: readonly Float32Array[]) =>
    float32(Float32Array.from(lines.flatMap((line) => Array.from(line))), [lines.length, lines[0]!.length]);
  const similarity = randomisation && rows([randomisation.rank.y, randomisation.ssim.y]);
  return {
    ...(curves.length > 0 && { curve: rows([curves[0]!.x, ...curves.map(({ y }) => y)]) }),
    ...(references.length > 0 && { random: rows(references.map(({ y }) => y)) }),
    ...(similarity && { randomisation: similarity }),
    ...(similarity && curves.length === 0 && { curve: similarity }),
  };
}

function numbersOf({
  curves,
  references,
  randomisation,
  sensitivity,
  infidelity,
}: Findings): Record<string, number | number[]> {
  return {
    ...(curves.length > 0 && { area: curves.map(({ area }) => area!) }),
    ...Object.fromEntries(curves.map(({ name, area }) => [name, area!])),
    ...Object.fromEntries(references.map(({ name, area }) => [name.replace(', random order', '-random'), area!])),
    ...(randomisation && {
      'rank-correlation': Array.from(randomisation.rank.y),
      ssim: Array.from(randomisation.ssim.y),
    }),
    ...(sensitivity !== undefined && { 'sensitivity-max': sensitivity }),
    ...(infidelity && { infidelity: infidelity.infidelity, 'infidelity-relative': infidelity.relative }),
  };
}

function notesOf(
  { curves, references, randomisation, sensitivity, infidelity }: Findings,
  { values }: HeatmapResult,
): string[] {
  if (values.every((value) => value === 0))
    return ['The map is zero everywhere: there is nothing to put to the test. Choose another method.'];
  const area = (name: string) => {
    const [own, random] = [...curves, ...references].filter((curve) => curve.name.startsWith(name));
    return own && `${own.area!.toFixed(3)}${random ? ` (in random order ${random.area!.toFixed(3)})` : ''}`;
  };
  return [
    ...(area('deletion')
      ? [`Deletion ${area('deletion')}: the smaller, the more the strongest pixels are needed.`]
      : []),
    ...(area('insertion')
      ? [`Insertion ${area('insertion')}: the larger, the sooner the strongest pixels are enough.`]
      : []),
    ...(randomisation && randomisation.places.length > 1 ? [verdict(randomisation)] : []),
    ...(sensitivity !== undefined
      ? [
          `Sensitivity ${sensitivity.toFixed(2)}: how much the map changes, at most, when the image hardly does (0 is best).`,
        ]
      : []),
    ...(infidelity
      ? [
          `Infidelity ${infidelity.relative.toFixed(2)} of 1: how little it foretells what covering a square does (0 is best).`,
        ]
      : []),
  ];
}

/** By the layer at the top alone: it makes what is explained, so that a map about that can't stay. */
function verdict({ places, rank }: Randomisation): string {
  const similarity = rank.y[1]!;
  const says = `With ${places[1]!} alone random, the rank correlation with the map is ${similarity.toFixed(2)}: `;
  if (similarity > UNCHANGED)
    return `${says}it hardly depends on what that layer has learned; don't take it for an explanation.`;
  return `${says}it depends on what that layer has learned.`;
}
