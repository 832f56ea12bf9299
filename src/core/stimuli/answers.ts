import type { Feeds } from '../engines/engine.ts';
import type { BackwardRule } from '../graph/rules/index.ts';
import { float32 } from '../graph/tensor.ts';
import type { Size } from '../optimization/picture-size.ts';
import type { Session } from '../session.ts';
import { FEEDS, type StimulusGoal } from './goal.ts';
import { lookAt } from './look.ts';
import type { StimulusPlan, Wanted } from './plan.ts';

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

type Look = Pick<Parameters<typeof lookAt>[1], 'pictures' | 'size' | 'rule' | 'lane'> & {
  readonly wanted: readonly Wanted[];
  readonly alone?: boolean;
};

/**
 * Runs the network on pictures of some units: each unit's value, and its gradient with respect to the pictures. `alone`: the value
 * of each picture by itself, where they climb something together.
 */
export function answer({ context, recipe, input, goal }: StimulusPlan, { wanted, alone = false, ...look }: Look) {
  const objective = alone
    ? (goal.answer ?? goal.objective)
    : (recipe.together?.(goal.objective, goal.tensor) ?? goal.objective);
  return lookAt(context.session, { objective, input, feeds: weightsOf(context.session, goal, wanted), ...look });
}

/** What each picture weighs the units with, by what climbs. */
function weightsOf({ shapes }: Session, { tensor, of }: StimulusGoal, wanted: readonly Wanted[]): Feeds {
  const { weights, unit } = wanted[0]!.aim;
  const size = weights.length;
  const [, channels, ...map] = shapes.get(tensor)!;
  const shape = unit.position ? [channels!, ...map] : [channels!];
  return Object.fromEntries(
    of.map((one) => {
      const data = new Float32Array(wanted.length * size);
      wanted.forEach((own, n) => {
        if (own.of === one) data.set(own.aim.weights, n * size);
      });
      return [FEEDS[one], float32(data, [wanted.length, ...shape])];
    }),
  );
}
