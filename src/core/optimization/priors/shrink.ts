import { dot, scale } from '../../vectors/vectors.ts';
import type { Prior } from './prior.ts';

/** x ← (1 − rate) x: L2 decay (Yosinski et al. 2015, §3.1). */
export function decay(rate: number): Prior {
  return (parameters) => {
    scale(parameters, parameters, 1 - rate);
  };
}

/** x ← ρ x / ‖x‖: the norm ball (Erhan et al. 2009, §4). Zero stays zero. */
export function sphere(radius: number): Prior {
  return (parameters) => {
    const square = dot(parameters, parameters);
    if (square > 0) scale(parameters, parameters, radius / Math.sqrt(square));
  };
}
