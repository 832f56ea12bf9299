import { checkCancelled, usageError } from '../errors.ts';
import { nodeFlops } from '../graph/costs.ts';
import { prune, withInputSize } from '../graph/passes.ts';
import { LEFT_OUT, linearRule, type LinearPooling } from '../graph/rules/linear.ts';
import { inferShapes } from '../graph/shapes.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import { checkRunnable } from '../layers.ts';
import type { Layer, ModelInput } from '../model.ts';
import { oneHotAt } from '../optimization/objectives.ts';
import { backwardProgram, GRADIENT, SEED } from '../optimization/program.ts';
import type { Session } from '../session.ts';
import { compositionWindow } from './composition-window.ts';

/** Operations of the forward pass, and pictures, that one step may take: Cancel waits for a step. */
const STEP_FLOPS = 4e9;
const STEP_PICTURES = 16;
/** Values that all combinations may take together: 64 MB. */
const MOST_VALUES = 2 ** 24;

/** Linear combinations of some units, as they grow. */
export interface Combinations {
  readonly units: readonly number[];
  /** units × C × height × width, in the network's own input units; C as the input has it. */
  readonly values: Tensor<'float32'>;
  readonly notes: readonly string[];
  readonly done: number;
  readonly total: number;
}

/**
 * What each unit's weights make of the filters below it, composed down to the input by `linearRule`; cut to what the unit
 * sees. Bounded: at most 64 MB of pictures, the first units of those asked for. Throws a usage error, with the reason, where
 * something below the layer has no linear map.
 */
export async function* combinations(
  session: Session,
  layer: Layer,
  asked: readonly number[],
  pooling: LinearPooling,
  signal: AbortSignal,
): AsyncGenerator<Combinations> {
  checkRunnable(session, layer.before, `Layer '${layer.name}'`);
  const input = pictureInput(session, layer);
  const { graph } = session.model;
  const window = compositionWindow(graph, input.name, layer.before);
  const [height, width] = window.seen;
  const channels = input.shape[1]!;
  const size = channels * height * width;
  const units = asked.slice(0, Math.max(1, Math.floor(MOST_VALUES / size)));
  const values = new Float32Array(units.length * size);
  const below = withInputSize(prune(graph, [layer.before]), input.name, ...window.size);
  const shapes = inferShapes(below);
  const flops = [...nodeFlops(below, shapes).values()].reduce((sum, count) => sum + count, 0);
  const step = Math.max(1, Math.min(STEP_PICTURES, Math.floor(STEP_FLOPS / (2 * flops))));
  const program = () =>
    backwardProgram(graph, layer.before, { input: input.name, size: window.size, rule: linearRule(pooling) });
  const notes = notesOf(below.nodes, pooling, window, asked.length, units.length);

  for (let from = 0; from < units.length; from += step) {
    checkCancelled(signal);
    const some = units.slice(from, from + step);
    const blank = float32(new Float32Array(some.length * channels * window.size[0] * window.size[1]), [
      some.length,
      channels,
      ...window.size,
    ]);
    const weights = oneHotAt(
      some.map((unit) => [unit, ...(window.position ?? [])]),
      shapes.get(layer.before)!.slice(1),
    );
    const key = `backward(${layer.before},${input.name},${window.size.join('x')},linear ${pooling})`;
    const found = await session.run(key, program, { [input.name]: blank, [SEED]: weights });
    const gradient = found[GRADIENT]!.data as Float32Array;
    for (let map = 0; map < some.length * channels; map++)
      for (let y = 0; y < height; y++) {
        const row = (map * window.size[0] + window.start[0] + y) * window.size[1] + window.start[1];
        values.set(gradient.subarray(row, row + width), from * size + (map * height + y) * width);
      }
    const done = from + some.length;
    yield {
      units: units.slice(0, done),
      values: float32(values.subarray(0, done * size), [done, channels, height, width]),
      notes,
      done,
      total: units.length,
    };
  }
}

function pictureInput({ model }: Session, layer: Layer): ModelInput {
  const [name, ...others] = prune(model.graph, [layer.before]).inputs.map((input) => input.name);
  const input = model.inputs.find((candidate) => candidate.name === name);
  if (input?.shape.length === 4 && others.length === 0) return input;
  throw usageError(`Layer '${layer.name}' does not see one picture, so its filters can't be composed down to it.`);
}

function notesOf(
  nodes: readonly { readonly op: string }[],
  pooling: LinearPooling,
  { cut, seen }: { readonly cut: boolean; readonly seen: readonly [number, number] },
  asked: number,
  drawn: number,
): string[] {
  const count = (test: (op: string) => boolean) => nodes.filter(({ op }) => test(op)).length;
  const left = count((op) => LEFT_OUT.includes(op));
  const pools = count((op) => /MaxPool$/.test(op));
  const said = [
    left === 1 && 'one activation function or normalisation is left out',
    left > 1 && `${left} activation functions or normalisations are left out`,
    pools === 1 && `a max-pool is the ${pooling} of its window`,
    pools > 1 && `${pools} max-pools are the ${pooling} of their windows`,
  ].filter((part) => part !== false);
  return [
    `Weights times the filters below, down to the input${said.length ? `: ${said.join(', ')}` : ''}.`,
    ...(cut ? [`A unit sees more than the picture: cut off at its border (${seen.join('×')}).`] : []),
    ...(drawn < asked ? [`The first ${drawn} of ${asked} are composed; ask for others by their numbers.`] : []),
  ];
}
