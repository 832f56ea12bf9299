import { saliency } from './saliency.ts';
import type { Visualizer } from './visualizer.ts';

/** The methods that say which pixels matter, in the order in which they are listed. */
export const ATTRIBUTIONS: readonly Visualizer[] = [saliency];
