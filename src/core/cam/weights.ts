import type { Weigh } from './maps.ts';

/** The sum of a channel's gradient over the map: its weight in a linear map of the channels' means. */
export const sums: Weigh = (_, gradients, area) => {
  const weights = new Float32Array(gradients.length / area);
  for (let k = 0; k < weights.length; k++) {
    let sum = 0;
    for (let i = k * area; i < (k + 1) * area; i++) sum += gradients[i]!;
    weights[k] = sum;
  }
  return weights;
};

/** The mean of a channel's gradient over the map. Selvaraju et al. 2017, §3, equation 1. */
export const means: Weigh = (maps, gradients, area) => sums(maps, gradients, area).map((sum) => sum / area);

/**
 * Σ α · max(0, g), α = g² / (2 g² + g³ · Σ A): with Y = exp S its higher derivatives are powers of g = ∂S/∂A, and the factor
 * exp S, the same for all channels, is left out, as it only scales the map. Chattopadhyay et al. 2018, equations 10, 11 and 19.
 */
export const positiveParts: Weigh = (maps, gradients, area) => {
  const weights = new Float32Array(gradients.length / area);
  for (let k = 0; k < weights.length; k++) {
    let total = 0;
    for (let i = k * area; i < (k + 1) * area; i++) total += maps[i]!;
    let weight = 0;
    for (let i = k * area; i < (k + 1) * area; i++) {
      const g = gradients[i]!;
      const below = 2 + g * total;
      if (g > 0 && below !== 0) weight += g / below;
    }
    weights[k] = weight;
  }
  return weights;
};
