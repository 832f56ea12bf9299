import { labelOf } from '../classes.ts';
import { float32 } from '../graph/tensor.ts';
import type { Ascent } from '../optimization/ascent.ts';
import type { ImagesResult } from '../results.ts';
import { scoreTensor } from '../scores.ts';
import { tile } from '../visualizers/tiles.ts';
import { toRgb, withFullContrast } from './draw.ts';
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
  const { context, input, size } = plan;
  const { session, layer, output } = context;
  const [height, width] = size;
  const channels = input.shape[1]!;
  const area = height * width;
  const rgb = new Uint8Array(stimuli.length * area * 3);
  const image = new Float32Array(stimuli.length * channels * area);
  stimuli.forEach((stimulus, n) => {
    image.set(stimulus.input, n * channels * area);
    const shown = plan.recipe.stretched ? withFullContrast(stimulus.picture, plan.frame) : stimulus.picture;
    rgb.set(toRgb(shown, area), n * area * 3);
  });
  const isClasses = [output, scoreTensor(session.model, output)].includes(layer.output);
  const steps = stimuli.map(({ history }) => history.length);
  const activation = stimuli.flatMap((stimulus) => stimulus.activation ?? []);
  return {
    kind: 'images',
    title: `Preferred stimuli of ${layer.name}`,
    tiles: stimuli.map(({ wanted: { unit, start }, input: values }) => {
      const { channel, position } = unit;
      const name = isClasses ? labelOf(session.description.labels, channel) : String(channel);
      const place = position ? ` at ${position.y},${position.x}` : '';
      const among = plan.recipe.label ? ` · ${plan.recipe.label(start)}` : '';
      return tile(channel, `${name}${place}${among}`, values, 0, values.length);
    }),
    width,
    height,
    rgb,
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

function notes({ context: { session, units }, goal, recipe }: StimulusPlan, stimuli: readonly Stimulus[]): string[] {
  const count = session.shapes.get(goal.tensor)![1]!;
  const silent = stimuli.filter(({ activation }) => activation === 0).map(({ wanted }) => wanted.unit.channel);
  return [
    ...(goal.note ? [goal.note] : []),
    ...(recipe.stretched ? ['Shown with full contrast about the mean colour.'] : []),
    ...(units === undefined && count > stimuli.length ? [`The first ${stimuli.length} of ${count}: name others.`] : []),
    ...(silent.length > 0 ? [`Nothing made these answer: ${silent.join(', ')}.`] : []),
  ];
}
