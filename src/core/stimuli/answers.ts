import type { BackwardRule } from '../graph/rules/index.ts';
import type { Size } from '../optimization/picture-size.ts';
import { answer, type StimulusPlan, type Wanted } from './plan.ts';

interface Asked {
  readonly wanted: readonly Wanted[];
  /** N×C×height×width, in the network's units. */
  readonly pictures: Float32Array;
  readonly size: Size;
  readonly lane?: number | undefined;
}

/**
 * Each unit's value and its gradient with respect to its picture, by the backward rule of each: what one picture is given does not
 * depend on which others are beside it. Pictures that climb something together share the first rule that one of them needs.
 */
export async function answers(
  plan: StimulusPlan,
  asked: Asked,
  rules: readonly (BackwardRule | undefined)[],
): Promise<{ readonly values: number[]; readonly gradient: Float32Array }> {
  const kinds = plan.recipe.together ? [rules.find((rule) => rule !== undefined)] : [...new Set(rules)];
  if (kinds.length === 1) return answer(plan, { ...asked, rule: kinds[0] });
  const { pictures, wanted } = asked;
  const size = pictures.length / wanted.length;
  const values = Array<number>(wanted.length).fill(0);
  const gradient = new Float32Array(pictures.length);
  for (const rule of kinds) {
    const own = wanted.flatMap((_, n) => (rules[n] === rule ? [n] : []));
    const part = new Float32Array(own.length * size);
    own.forEach((n, i) => part.set(pictures.subarray(n * size, (n + 1) * size), i * size));
    const seen = await answer(plan, { ...asked, wanted: own.map((n) => wanted[n]!), pictures: part, rule });
    own.forEach((n, i) => {
      values[n] = seen.values[i]!;
      gradient.set(seen.gradient.subarray(i * size, (i + 1) * size), n * size);
    });
  }
  return { values, gradient };
}
