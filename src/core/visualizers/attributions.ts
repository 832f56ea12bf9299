import { gradientXInput } from './gradient-x-input.ts';
import { integratedGradients } from './integrated-gradients.ts';
import { saliency } from './saliency.ts';
import { smoothgrad } from './smoothgrad.ts';
import type { Visualizer } from './visualizer.ts';

/** The methods that say which pixels matter, in the order in which they are listed. */
export const ATTRIBUTIONS: readonly Visualizer[] = [saliency, gradientXInput, smoothgrad, integratedGradients];
