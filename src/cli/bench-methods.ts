import { gradientsOfImages } from '../core/attribution/gradients.ts';
import { classCount } from '../core/classes.ts';
import type { Tensor } from '../core/graph/tensor.ts';
import type { ModelInput } from '../core/model.ts';
import { channel, oneHot } from '../core/optimization/objectives.ts';
import { random } from '../core/optimization/random.ts';
import type { ImageSource } from '../core/request.ts';
import { runMethod } from '../core/run.ts';
import type { Session } from '../core/session.ts';
import { UNIT } from '../core/visualizers/class-objectives.ts';

/** Methods that are timed, as the Python tools time them: name, method, parameters, least number of runs (1: without one before). */
export const TIMED = [
  ['occlusion-32-16', 'occlusion', { window: 32, stride: 16 }, 3],
  ['occlusion-16-8', 'occlusion', { window: 16, stride: 8 }, 1],
  ['integrated-gradients-50', 'integrated-gradients', { steps: 50 }, 3],
] as const;

/**
 * Numbers as unforeseeable as a photo's, always the same: what looks for largest values takes twice as long on them as on a pattern.
 */
export function noise(count: number): Float32Array {
  const { normal } = random(0);
  return Float32Array.from({ length: count }, () => 60 * normal());
}

/** A picture of the input's size; undefined for a model that does not classify pictures of colour. */
export function benchImage(session: Session): ImageSource | undefined {
  const [, channels, height, width] = session.model.inputs[0]!.shape as readonly number[];
  if (channels !== 3 || !height || !width || classCount(session) === undefined) return undefined;
  const rgba = Uint8ClampedArray.from(noise(height * width * 4), (value, i) => (i % 4 === 3 ? 255 : 128 + value));
  return { name: 'noise', width, height, rgba: new Uint8Array(rgba.buffer) };
}

/** The input gradients of class 0 for each of some images, as methods ask for them: of this class alone, and spread as there. */
export async function classGradients(session: Session, input: ModelInput, images: Tensor<'float32'>, scores: string) {
  const targets = new Array<number>(images.shape[0]!).fill(0);
  const goal = {
    objective: channel(scores, UNIT),
    feeds: { [UNIT]: oneHot(targets, session.shapes.get(scores)![1]!) },
    classes: [0],
    name: 'class 0',
    measure: 'score' as const,
    metrics: {},
  };
  const image = { name: 'noise', input, tensor: images, feeds: { [input.name]: images } };
  return gradientsOfImages({ session, image, signal: new AbortController().signal }, goal);
}

/** Runs a method to its end; gives the seconds until its first picture. */
export async function firstPicture(
  session: Session,
  image: ImageSource,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Promise<number> {
  const started = performance.now();
  let first: number | undefined;
  const run = runMethod(
    session,
    { method, model: session.model.file, image, target: 0, params },
    new AbortController().signal,
  );
  for (let step = await run.next(); !step.done; step = await run.next())
    if (step.value.partial) first ??= (performance.now() - started) / 1000;
  return first ?? (performance.now() - started) / 1000;
}
