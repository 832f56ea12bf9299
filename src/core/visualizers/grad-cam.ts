import { gradCamMethod } from '../cam/grad-cam.ts';
import { means } from '../cam/weights.ts';

/**
 * Σ_k w_k · A_k, w_k = mean over the map of ∂S_c/∂A_k; with `relu` what is above zero of it. A: the last convolution's maps, or those
 * of `--layer`. Arrays: `cam`, N×h×w, at the maps' own size; `map`, N×H×W, at the image's; `attribution`, the same in the shape
 * of the input. Memory: one batch of gradients, which end at the maps.
 */
export const gradCam = gradCamMethod({
  id: 'grad-cam',
  title: 'Grad-CAM',
  description: "Where the last convolution's maps speak for the class: each weighed by what the score gains with it.",
  source: 'Selvaraju, Cogswell, Das, Vedantam, Parikh & Batra 2017, Grad-CAM, §3',
  weigh: means,
});
