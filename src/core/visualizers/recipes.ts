import { activationMaximisation } from './activation-maximisation.ts';
import { classModel } from './class-model.ts';
import { deepdream } from './deepdream.ts';
import { diversity } from './diversity.ts';
import { fooling } from './fooling.ts';
import { inversion } from './inversion.ts';
import { normBall } from './norm-ball.ts';
import { style } from './style.ts';
import { totalVariation } from './total-variation.ts';
import type { Visualizer } from './visualizer.ts';
import { yosinski } from './yosinski.ts';

/** The methods that make pictures that a unit likes, in the order in which they are listed. */
export const RECIPES: readonly Visualizer[] = [
  activationMaximisation,
  diversity,
  classModel,
  normBall,
  yosinski,
  totalVariation,
];

/** The methods that make pictures from an image, or of all classes at once. */
export const FROM_IMAGES: readonly Visualizer[] = [inversion, deepdream, style, fooling];
