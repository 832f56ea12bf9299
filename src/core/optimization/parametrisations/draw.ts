import type { Feeds } from '../../engines/engine.ts';
import type { Graph } from '../../graph/graph.ts';
import { float32, type Tensor } from '../../graph/tensor.ts';
import {
  PARAMETERS,
  PARAMETERS_GRADIENT,
  PICTURE,
  PICTURE_GRADIENT,
  type Brush,
  type BrushProgram,
  type Parametrisation,
} from './parametrisation.ts';

/** Runs a program, compiled at its first use: equal keys, equal programs. */
export type RunProgram = (key: string, build: () => Graph, feeds: Feeds) => Promise<Record<string, Tensor>>;

/** Parameters and pictures of a batch, one after the other. */
interface Batch {
  readonly parameters: Float32Array;
  readonly pictures: Float32Array;
}

/** Draws the pictures of a batch from their parameters, which are of one kind and size; programs by `run`. */
export async function paint(
  parametrisations: readonly Parametrisation[],
  { parameters, pictures }: Batch,
  run: RunProgram,
): Promise<void> {
  const count = parametrisations.length;
  const brush = programOf(parametrisations);
  if (!brush) {
    brushesOf(parametrisations).forEach((own, n) => own.paint(part(parameters, n, count), part(pictures, n, count)));
    return;
  }
  const given = { [PARAMETERS]: float32(parameters, [count, ...brush.shape]) };
  const painted = await run(`paint ${brush.key}`, () => brush.paint(), given);
  pictures.set(painted[PICTURE]!.data as Float32Array);
}

/** The adjoint of `paint` at the pictures that it drew: from their gradient to that of the parameters, which is written. */
export async function paintGradient(
  parametrisations: readonly Parametrisation[],
  { parameters, pictures, gradient }: Batch & { readonly gradient: Float32Array },
  run: RunProgram,
): Promise<void> {
  const count = parametrisations.length;
  const brush = programOf(parametrisations);
  if (!brush) {
    brushesOf(parametrisations).forEach((own, n) => own.gradient(part(gradient, n, count), part(parameters, n, count)));
    return;
  }
  const shape = [count, ...brush.picture];
  const given = { [PICTURE]: float32(pictures, shape), [PICTURE_GRADIENT]: float32(gradient, shape) };
  const found = await run(`paint gradient ${brush.key}`, () => brush.gradient(), given);
  parameters.set(found[PARAMETERS_GRADIENT]!.data as Float32Array);
}

const isProgram = (brush: Brush | BrushProgram): brush is BrushProgram => 'key' in brush;

/** What draws all of them in one run, where that is a program. */
function programOf([first]: readonly Parametrisation[]): BrushProgram | undefined {
  const { brush } = first!;
  return isProgram(brush) ? brush : undefined;
}

const brushesOf = (parametrisations: readonly Parametrisation[]): readonly Brush[] =>
  parametrisations.map(({ brush }) => brush).filter((brush) => !isProgram(brush));

/** What belongs to the how manieth of so many. */
export function part(all: Float32Array, n: number, count: number): Float32Array {
  const size = all.length / count;
  return all.subarray(n * size, (n + 1) * size);
}
