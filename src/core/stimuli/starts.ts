import type { Parametrisation } from '../optimization/parametrisations/parametrisation.ts';
import type { Random } from '../optimization/random.ts';
import type { Frame } from './recipe.ts';

export type Start = 'noise' | 'zero' | 'mean';

/** Where to begin: noise of standard deviation `sd` in the parameters, zero, or the mean colour everywhere. */
export function startFrom(
  start: Start,
  parametrisation: Parametrisation,
  { centre, area }: Frame,
  { sd, random }: { readonly sd: number; readonly random: Random },
): Float32Array {
  if (start === 'mean')
    return parametrisation.of(Float32Array.from(centre.flatMap((value) => Array<number>(area).fill(value))));
  const parameters = new Float32Array(parametrisation.size);
  if (start === 'noise') for (let i = 0; i < parameters.length; i++) parameters[i] = sd * random.normal();
  return parameters;
}
