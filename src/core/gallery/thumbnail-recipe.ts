import { pictureFlops } from '../stimuli/batches.ts';
import { planStimuli } from '../stimuli/plan.ts';
import { lucid } from '../stimuli/lucid.ts';
import { activationMaximisation } from '../visualizers/activation-maximisation.ts';
import { parameterValues } from '../visualizers/values.ts';
import type { Layer } from '../model.ts';
import type { Session } from '../session.ts';

/** What makes thumbnails. */
export const THUMBNAIL_METHOD = activationMaximisation.id;

/** What differs from the method's defaults. */
export interface ThumbnailParameters {
  readonly size: number;
  readonly steps: number;
  readonly rate: number;
}

/** Sides that are tried, the largest first; never more than the unit's receptive field. */
const SIZES = [96, 80, 64];
/** Fewer steps are taken for a larger picture only down to `enough`. */
const STEPS = { least: 24, enough: 56, most: 128 };
/** Twice Lucid's, as there are fewer steps. */
const RATE = 0.1;
/** Operations for one picture's forward passes, all steps together. */
const BUDGET = 18e9;
/** What a pixel costs in one step beside the network, in operations. */
const PIXEL = 11e3;

/**
 * Size and steps with which a layer's preferred stimuli fit into a few seconds: pictures of at most 96 pixels, smaller where
 * the network is heavy, and so many steps as the budget of operations allows. The same for the same model on any machine.
 * Throws a usage error where the layer does not see one picture.
 */
export function thumbnailParameters(session: Session, layer: Layer): ThumbnailParameters {
  const planOf = (size: number) => {
    const params = parameterValues(THUMBNAIL_METHOD, activationMaximisation.params, { size });
    const context = { session, layer, units: [{ channel: 0 }], output: '', seed: 0, signal: NEVER };
    return planStimuli(context, lucid(params as Parameters<typeof lucid>[0]));
  };
  const automatic = planOf(0);
  const own = Math.max(...automatic.size);
  const isFixed = !takesSize(() => planOf(SIZES.at(-1)!));
  const sizes = isFixed ? [0] : own <= SIZES[0]! ? [0, ...SIZES.filter((size) => size < own)] : SIZES;
  const options = sizes.map((size) => {
    const plan = size === 0 ? automatic : planOf(size);
    const steps = Math.round(BUDGET / (pictureFlops(plan) + PIXEL * plan.frame.area));
    return { size, steps: Math.min(STEPS.most, Math.max(STEPS.least, steps)), rate: RATE };
  });
  return options.find(({ steps }) => steps >= STEPS.enough) ?? options.at(-1)!;
}

const NEVER = new AbortController().signal;

function takesSize(plan: () => unknown): boolean {
  try {
    plan();
    return true;
  } catch {
    return false;
  }
}
