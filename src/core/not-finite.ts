import type { Feeds } from './engines/engine.ts';
import { engineError, fileError, type LayerscopeError } from './errors.ts';
import { prune } from './graph/passes.ts';
import type { Tensor } from './graph/tensor.ts';
import type { Layer } from './model.ts';
import type { Result } from './results.ts';
import type { Session } from './session.ts';

/**
 * Why a network answers with what is no number: the first weights that aren't finite, or the first layer whose answer to these inputs isn't.
 * Undefined where neither is so. Reads every weight, and runs the network some times: for what has failed already.
 */
export async function whyNotFinite(session: Session, feeds?: Feeds): Promise<LayerscopeError | undefined> {
  return oddWeights(session) ?? (feeds && (await oddLayer(session, feeds)));
}

function oddWeights({ model }: Session): LayerscopeError | undefined {
  for (const { name, weights } of model.layers)
    for (const weight of weights) {
      const tensor = model.graph.constants.get(weight);
      const odd = tensor ? countOdd(tensor) : 0;
      if (odd === 0) continue;
      return fileError(
        model.file,
        `Layer '${name}' holds values that are no numbers (NaN or infinite): ${odd} of ${tensor!.data.length} in '${weight}'. The file is damaged, or training went astray: take an earlier checkpoint.`,
      );
    }
  return undefined;
}

/** What isn't finite makes what follows so too: the first layer is found by halving. */
async function oddLayer(session: Session, feeds: Feeds): Promise<LayerscopeError | undefined> {
  const { graph, layers } = session.model;
  const known = layers.filter(({ output }) => session.shapes.get(output) && !(output in feeds));
  const isOdd = async ({ output }: Layer) => {
    const program = await session.engine.compile(prune(graph, [output]));
    try {
      return countOdd((await program.run(feeds))[output]!) > 0;
    } finally {
      await program.dispose();
    }
  };
  let [low, high] = [0, known.length - 1];
  if (high < 0 || !(await isOdd(known[high]!))) return undefined;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (await isOdd(known[middle]!)) high = middle;
    else low = middle + 1;
  }
  return engineError(
    `From layer '${known[high]!.name}' on, the values for this input are no numbers any more (NaN or infinite): they have become too large. Check how the input is prepared (scale, mean, std), and the weights of ${session.model.file}.`,
  );
}

/** Whether all that a method found are numbers. */
export const allFinite = ({ arrays, metrics }: Result): boolean =>
  Object.values(arrays).every((tensor) => countOdd(tensor) === 0) &&
  Object.values(metrics).every((metric) => [metric].flat().every(Number.isFinite));

function countOdd({ dtype, data }: Tensor): number {
  if (dtype !== 'float32') return 0;
  let odd = 0;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) odd++;
  return odd;
}
