import { cam } from './cam.ts';
import { deconvnet } from './deconvnet.ts';
import { gradCam } from './grad-cam.ts';
import { gradCamPlusPlus } from './grad-cam-plus-plus.ts';
import { gradientXInput } from './gradient-x-input.ts';
import { guidedBackprop } from './guided-backprop.ts';
import { guidedGradCam } from './guided-grad-cam.ts';
import { integratedGradients } from './integrated-gradients.ts';
import { lrp } from './lrp.ts';
import { occlusion } from './occlusion.ts';
import { saliency } from './saliency.ts';
import { smoothgrad } from './smoothgrad.ts';
import type { Visualizer } from './visualizer.ts';

/** The methods that say which pixels matter, in the order in which they are listed. */
export const ATTRIBUTIONS: readonly Visualizer[] = [
  saliency,
  gradientXInput,
  smoothgrad,
  integratedGradients,
  deconvnet,
  guidedBackprop,
  lrp,
  occlusion,
  cam,
  gradCam,
  gradCamPlusPlus,
  guidedGradCam,
];
