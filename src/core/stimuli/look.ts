import type { Feeds } from '../engines/engine.ts';
import { byFixedBatches } from '../fixed-batch.ts';
import type { BackwardRule } from '../graph/rules/index.ts';
import { float32 } from '../graph/tensor.ts';
import type { ModelInput } from '../model.ts';
import type { Objective } from '../optimization/objectives.ts';
import type { Size } from '../optimization/picture-size.ts';
import { gradientProgram, GRADIENT, VALUE } from '../optimization/program.ts';
import type { Session } from '../session.ts';

interface Look {
  readonly objective: Objective;
  readonly input: ModelInput;
  /** N×C×height×width, in the network's units. */
  readonly pictures: Float32Array;
  readonly size: Size;
  /** What the objective is fed. */
  readonly feeds: Feeds;
  readonly rule?: BackwardRule | undefined;
  /** Looks in different lanes run at the same time. */
  readonly lane?: number | undefined;
}

/** An objective's value for each picture, and its gradient with respect to the pictures (N×C×height×width). */
export async function lookAt(session: Session, { objective, input, pictures, size, feeds, rule, lane }: Look) {
  const [height, width] = size;
  const key = `gradient(${objective.key},${input.name},${height}x${width},${rule?.name ?? ''})`;
  const program = () =>
    gradientProgram(session.model.graph, objective, { input: input.name, size, ...(rule && { rule }) });
  const channels = input.shape[1]!;
  const count = pictures.length / (channels * height * width);
  const given = { ...feeds, [input.name]: float32(pictures, [count, channels, height, width]) };
  const options = lane === undefined ? {} : { lane };
  const found = await byFixedBatches(input, count, given, (some) => session.run(key, program, some, options));
  return { values: Array.from(found[VALUE]!.data, Number), gradient: found[GRADIENT]!.data as Float32Array };
}
