import type { Prior } from './prior.ts';

/** x ← (1 − rate) x: L2 decay (Yosinski et al. 2015, §3.1). */
export function decay(rate: number): Prior {
  return (parameters) => {
    for (let i = 0; i < parameters.length; i++) parameters[i]! *= 1 - rate;
  };
}

/** x ← ρ x / ‖x‖: the norm ball (Erhan et al. 2009, §4). Zero stays zero. */
export function sphere(radius: number): Prior {
  return (parameters) => {
    let square = 0;
    for (let i = 0; i < parameters.length; i++) square += parameters[i]! ** 2;
    if (square === 0) return;
    const factor = radius / Math.sqrt(square);
    for (let i = 0; i < parameters.length; i++) parameters[i]! *= factor;
  };
}
