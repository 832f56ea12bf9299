import { float32 } from '../graph/tensor.ts';
import type { Ascent } from '../optimization/ascent.ts';
import type { ImagesResult } from '../results.ts';
import { tile } from '../visualizers/tiles.ts';
import { drawnAll, drawnNotes, withFullContrast } from './draw.ts';
import { historyOf } from './history.ts';
import type { StimulusPlan, Wanted } from './plan.ts';

/** A unit's picture, finished or on the way. */
export interface Stimulus {
  readonly wanted: Wanted;
  /** C×h×w, 0..1: red, green, blue, or grey. */
  readonly picture: Float32Array;
  /** C×h×w in the network's units. */
  readonly input: Float32Array;
  /** The objective of each step: the unit's answer to what it saw, less penalties. */
  readonly history: readonly number[];
  /** Its answer to the picture as it is; known at the end. */
  readonly activation?: number;
}

/** What pictures that climb together show now. */
export function stimuliOf(
  ascent: Ascent,
  wanted: readonly Wanted[],
  /** By step, then by picture; by picture. */
  {
    history,
    activation,
  }: { readonly history: readonly number[][]; readonly activation: readonly number[] | undefined },
): Stimulus[] {
  const inputs = ascent.inputs();
  const size = inputs.length / wanted.length;
  return wanted.map((one, n) => ({
    wanted: one,
    picture: ascent.pictures.slice(n * size, (n + 1) * size),
    input: inputs.subarray(n * size, (n + 1) * size),
    history: history.map((values) => values[n]!),
    ...(activation && { activation: activation[n]! }),
  }));
}

/** The pictures as a result. */
export function stimuliResult(plan: StimulusPlan, stimuli: readonly Stimulus[]): ImagesResult {
  const { context, recipe, input, size } = plan;
  const { layer } = context;
  const [height, width] = size;
  const channels = input.shape[1]!;
  const image = new Float32Array(stimuli.length * channels * height * width);
  stimuli.forEach((stimulus, n) => image.set(stimulus.input, n * stimulus.input.length));
  const shown = stimuli.map(({ picture }) => (recipe.stretched ? withFullContrast(picture, plan.frame) : picture));
  const steps = stimuli.map(({ history }) => history.length);
  // A unit's own answer, also where that was to be small.
  const sign = recipe.choice?.negative ? -1 : 1;
  const activation = stimuli.flatMap((stimulus) =>
    stimulus.activation === undefined ? [] : sign * stimulus.activation,
  );
  return {
    kind: 'images',
    title: `Preferred stimuli of ${layer.name}`,
    tiles: stimuli.map(({ wanted, input: values }) => ({
      ...tile(wanted.aim.unit.channel, labelOf(plan, wanted), values, 0, values.length),
      ...(recipe.params && { params: recipe.params(wanted.start) }),
    })),
    ...drawnAll(shown, plan.frame),
    arrays: { image: float32(image, [stimuli.length, channels, height, width]) },
    metrics: {
      objective: stimuli.map(({ history }) => history.at(-1)!),
      ...(activation.length === stimuli.length && { activation }),
      // Lanes that were stopped need not stand at the same step.
      steps: Math.min(...steps),
    },
    notes: notes(plan, stimuli),
    history: historyOf(
      'objective',
      stimuli.map(({ history }) => history),
    ),
  };
}

function labelOf({ goal, recipe }: StimulusPlan, { aim, start, of }: Wanted): string {
  const value = goal.of.length > 1 && (of === 'score' ? 'by its score' : 'by its probability');
  return [aim.label, value, recipe.label?.(start)].filter(Boolean).join(' · ');
}

function notes(
  { context: { session, units }, frame, goal, recipe }: StimulusPlan,
  stimuli: readonly Stimulus[],
): string[] {
  const count = session.shapes.get(goal.tensor)![1]!;
  const shown = new Set(stimuli.map(({ wanted }) => wanted.aim)).size;
  const silent = stimuli.filter(({ activation }) => activation === 0).map(({ wanted }) => wanted.aim.label);
  const each = (recipe.choice?.objective ?? 'unit') === 'unit';
  return [
    ...goal.notes,
    ...drawnNotes(frame),
    ...(recipe.stretched ? ['Shown with full contrast about the mean colour.'] : []),
    ...(units === undefined && each && count > shown
      ? [`The first ${shown === 1 ? '' : `${shown} `}of ${count}: name others.`]
      : []),
    ...(silent.length > 0 ? [`Nothing made these answer: ${silent.join(', ')}.`] : []),
  ];
}
