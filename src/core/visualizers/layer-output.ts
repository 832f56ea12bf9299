import { checkCancelled } from '../errors.ts';
import type { Feeds } from '../engines/engine.ts';
import { asFed } from '../fixed-batch.ts';
import { prune } from '../graph/passes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { checkRunnable } from '../layers.ts';
import type { Session } from '../session.ts';

/** A tensor of the network for an input, N×C×H×W or N×C; only the layers below it run. */
export async function fetchTensor(
  session: Session,
  tensor: string,
  feeds: Feeds,
  what: string,
  signal: AbortSignal | undefined,
): Promise<Tensor<'float32'>> {
  checkRunnable(session, tensor, what);
  checkCancelled(signal);
  const fed = feeds[tensor];
  if (fed) return fed as Tensor<'float32'>;
  const program = () => prune(session.model.graph, [tensor]);
  const results = await asFed(session.model.inputs, feeds, (some) => session.run(`tensor(${tensor})`, program, some));
  checkCancelled(signal);
  return results[tensor] as Tensor<'float32'>;
}
