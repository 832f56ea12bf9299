import type { BackwardRule } from '../graph/rules/index.ts';
import type { Preprocessing } from '../model.ts';
import type { Way } from '../optimization/ascent.ts';
import type { Objective } from '../optimization/objectives.ts';
import type { Parametrisation } from '../optimization/parametrisations/parametrisation.ts';
import type { Size, Transforms } from '../optimization/picture-size.ts';
import type { Random } from '../optimization/random.ts';
import type { ImagesResult } from '../results.ts';
import type { Choice } from './choice.ts';
import type { ClassValue } from './goal.ts';
import type { StimulusPlan } from './plan.ts';
import type { Start } from './starts.ts';

/** What a recipe is told of the pictures it makes. */
export interface Frame {
  /** 3: red, green, blue; 1: grey; others mean nothing to the eye. */
  readonly channels: number;
  readonly size: Size;
  /** height · width */
  readonly area: number;
  /** The mean colour of what the network was made for, by channel (red, green, blue or grey), 0..1. */
  readonly centre: readonly number[];
  /** What to begin with, where that is an image: C×h×w, 0..1. */
  readonly image?: Float32Array;
}

/** A frame, and what lies before that which is climbed. */
export interface ClimbFrame extends Frame {
  /** Whether the network slides by more than one position somewhere: the gradient then has the grain of that grid. */
  readonly strided: boolean;
}

/** How a method's pictures climb: its descriptor combines what `core/optimization` has. */
export interface Recipe {
  readonly steps: number;
  /** Pixels of the picture's side; 0: the unit's receptive field. */
  readonly size: number;
  /** Pictures of each unit, each with a start of its own. Default 1. */
  readonly starts?: number;
  /** What tells the starts apart; default nothing. */
  label?(start: number): string;
  /** The parameters that make the pictures of a start by themselves. */
  params?(start: number): Readonly<Record<string, string | number | boolean>>;
  /** None: the network sees the pictures as they are. */
  transforms?(frame: ClimbFrame): Transforms | undefined;
  /** What a unit's pictures climb together, made from what one alone would: they share a batch, and nothing else is in it. */
  together?(alone: Objective, tensor: string): Objective;
  /** What is climbed; default each unit by itself. */
  readonly choice?: Choice;
  /** What climbs of a class; several are pictures of their own, side by side. Default its score before the softmax. */
  readonly of?: readonly ClassValue[];
  /** Shown with full contrast about the mean colour: for penalties that keep pictures weak. The arrays are as they are. */
  readonly stretched?: boolean;
  /** How a unit's picture climbs, the how manieth start it is. */
  way(frame: ClimbFrame, start: number): Way;
  /** Where a picture begins. */
  readonly from: Start;
  /** The parameters to begin with, where that is noise. */
  noise(parametrisation: Parametrisation, frame: Frame, random: Random): Float32Array;
  /** What is to be said of the finished pictures besides; the plan's are those that were made. */
  finish?(plan: StimulusPlan, result: ImagesResult): Promise<ImagesResult>;
  /** The backward rule of a step (from 0); `silent`: the unit still answers the same. Default the plain gradient. */
  rule?(step: number, silent: boolean): BackwardRule | undefined;
}

/** The mean colour as far as the network's preparation tells it, else grey; kept off the ends of the scale. */
export function meanColour({ channels, mean, scale }: Preprocessing, count: number): readonly number[] {
  if (mean.every((value) => value === 0)) return Array<number>(count).fill(0.5);
  const colour = Array.from({ length: count }, (_, c) => mean[c % mean.length]! / (255 * scale));
  return (channels === 'BGR' && count === 3 ? colour.reverse() : colour).map((value) =>
    Math.min(0.98, Math.max(0.02, value)),
  );
}
