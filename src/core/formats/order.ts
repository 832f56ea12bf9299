import { damaged } from './failure.ts';

/** A step that takes tensors and makes others. */
interface Step {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * Steps so that each comes after those whose outputs it takes; the given order is kept where it is one.
 * Throws where a tensor is made twice, by nobody, or from itself. `describe` says what a step is called.
 */
export function sortSteps<S extends Step>(
  steps: readonly S[],
  given: ReadonlySet<string>,
  describe: (step: S) => string,
): S[] {
  const makers = new Map<string, number>();
  steps.forEach((step, index) => {
    for (const output of step.outputs) {
      if (output === '') continue;
      const first = makers.get(output);
      if (first !== undefined)
        throw damaged(
          `tensor '${output}' is made twice, by ${describe(steps[first]!)} and by ${describe(step)}; names must be unique`,
        );
      if (given.has(output))
        throw damaged(
          `tensor '${output}' is made by ${describe(step)}, but is an input or a weight; names must be unique`,
        );
      makers.set(output, index);
    }
  });

  const sorted: S[] = [];
  const state = new Uint8Array(steps.length); // 0 not seen, 1 waiting for its inputs, 2 placed
  const waiting: number[] = [];
  for (let index = 0; index < steps.length; index++) {
    if (state[index] !== 2) waiting.push(index);
    while (waiting.length > 0) {
      const at = waiting.at(-1)!;
      if (state[at] === 2) {
        waiting.pop();
        continue;
      }
      const step = steps[at]!;
      state[at] = 1;
      const missing = step.inputs.flatMap((input) => {
        if (input === '' || given.has(input)) return [];
        const maker = makers.get(input);
        if (maker === undefined) throw damaged(`${describe(step)} takes '${input}', which nothing in the file makes`);
        if (state[maker] === 1)
          throw damaged(`the graph has a cycle through ${describe(steps[maker]!)}; it can't be run`);
        return state[maker] === 2 ? [] : [maker];
      });
      if (missing.length > 0) waiting.push(...missing.reverse());
      else {
        state[at] = 2;
        sorted.push(step);
        waiting.pop();
      }
    }
  }
  return sorted;
}
