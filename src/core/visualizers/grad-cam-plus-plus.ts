import { gradCamMethod } from '../cam/grad-cam.ts';
import { positiveParts } from '../cam/weights.ts';

/**
 * Σ_k w_k · A_k, w_k = Σ α · max(0, ∂S_c/∂A_k) over the map, α from the gradient's second and third powers: several things of a class
 * count alike, whatever their size. Arrays and memory as Grad-CAM's.
 */
export const gradCamPlusPlus = gradCamMethod({
  id: 'grad-cam-plus-plus',
  title: 'Grad-CAM++',
  description: 'As Grad-CAM, but where the class is there several times, each of them is found.',
  source: 'Chattopadhyay, Sarkar, Howlader & Balasubramanian 2018, Grad-CAM++, §3',
  weigh: positiveParts,
});
