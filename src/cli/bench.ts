import { openModel } from '../core/formats/index.ts';
import { BATCH } from '../core/graph/graph.ts';
import { elements, float32, type Tensor } from '../core/graph/tensor.ts';
import { checkHasGraph } from '../core/layers.ts';
import type { Layer } from '../core/model.ts';
import { openSession } from '../core/open.ts';
import { channel } from '../core/optimization/objectives.ts';
import { gradientProgram } from '../core/optimization/program.ts';
import { runMethod } from '../core/run.ts';
import { scoreTensor } from '../core/scores.ts';
import type { Session } from '../core/session.ts';
import { benchImage, classGradients, firstPicture, noise, TIMED } from './bench-methods.ts';
import { cacheFolder } from './cache-folder.ts';

export interface Measurement {
  readonly name: string;
  readonly unit: 's' | 'MB';
  readonly min: number;
  readonly median: number;
  readonly runs: number;
}

/** Batches that are timed. */
const BATCHES = [1, 8];

/** Repeats until about so many seconds are spent, at least three times. */
const BUDGET_SECONDS = 2;

/**
 * Times a model on this machine: opening, compiling, forward, forward with input gradient, preferred stimuli of nine
 * channels of a layer (default: a convolution's or a block's output in the middle of the network), and attributions that take
 * many passes.
 */
export async function* measure(file: string, layerName?: string, engine?: string): AsyncGenerator<Measurement> {
  yield await repeat('open', () => openModel(file));
  const session = await openSession(file, { engine }, { cacheFolder: cacheFolder() });
  const { model } = session;
  checkHasGraph(model, 'The model');
  const input = model.inputs[0]!;
  const scores = scoreTensor(model);
  const graphs = {
    forward: { ...model.graph, outputs: [scores] },
    gradient: gradientProgram(model.graph, channel(scores), { input: input.name }),
  };
  for (const name of ['forward', 'gradient'] as const) {
    const program = await session.engine.compile(graphs[name]);
    const seconds = program.compileTime / 1000;
    yield { name: `compile/${name}`, unit: 's', min: seconds, median: seconds, runs: 1 };
    const run = (images: Tensor<'float32'>) =>
      name === 'forward' ? program.run({ [input.name]: images }) : classGradients(session, input, images, scores);
    for (const batch of BATCHES) {
      const shape = input.shape.map((size) => (size === BATCH ? batch : size));
      const images = float32(noise(elements(shape)), shape);
      yield await repeat(`${name}/${batch}`, () => run(images));
    }
    await program.dispose();
  }

  const layer = layerName ?? middleLayer(session)?.name;
  if (layer) yield await repeat(`activation-maximisation/${layer}/9 channels`, () => stimuli(session, layer), 1);
  yield* methods(session);
  await session.dispose();
  const peak = process.resourceUsage().maxRSS / 1024;
  yield { name: 'memory, peak', unit: 'MB', min: peak, median: peak, runs: 1 };
}

/** What a user waits for: attributions of a class, and the first picture of the one that fills in. */
async function* methods(session: Session): AsyncGenerator<Measurement> {
  const image = benchImage(session);
  if (!image) return;
  const [[name, method, params]] = TIMED;
  const first = await firstPicture(session, image, method, params);
  yield { name: `${name}/first picture`, unit: 's', min: first, median: first, runs: 1 };
  for (const [own, id, given, least] of TIMED)
    yield await repeat(own, () => firstPicture(session, image, id, given), least);
}

async function stimuli(session: Session, layer: string): Promise<void> {
  const request = { method: 'activation-maximisation', model: session.model.file, layer, unit: '0-8' };
  const run = runMethod(session, request, new AbortController().signal);
  while (!(await run.next()).done);
}

/** Of the layers with maps, one in the middle. */
function middleLayer(session: Session): Layer | undefined {
  const maps = session.model.layers.filter(
    ({ output, weights }) => weights.length && session.shapes.get(output)?.length === 4,
  );
  return maps[Math.floor(maps.length / 2)];
}

async function repeat(name: string, work: () => Promise<unknown>, least = 3): Promise<Measurement> {
  if (least > 1) await work(); // the first run also allocates
  const seconds: number[] = [];
  const started = performance.now();
  while (seconds.length < least || performance.now() - started < BUDGET_SECONDS * 1000) {
    const before = performance.now();
    await work();
    seconds.push((performance.now() - before) / 1000);
    if (least === 1) break;
  }
  seconds.sort((a, b) => a - b);
  return { name, unit: 's', min: seconds[0]!, median: seconds[seconds.length >> 1]!, runs: seconds.length };
}
