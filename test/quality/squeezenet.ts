import fs from 'node:fs';
import path from 'node:path';
import { prune } from '../../src/core/graph/passes.ts';
import type { Tensor } from '../../src/core/graph/tensor.ts';
import { loadInput } from '../../src/core/inputs.ts';
import { openSession } from '../../src/core/open.ts';
import type { RunRequest } from '../../src/core/request.ts';
import type { ImagesResult } from '../../src/core/results.ts';
import { runMethod } from '../../src/core/run.ts';
import { float32 } from '../../src/core/graph/tensor.ts';

const shared = path.resolve(process.env['LAYERSCOPE_SHARED'] ?? '../shared');
export const MODEL = path.join(shared, 'models/squeezenet10-deepcomp/squeezenet10.onnx');
export const photo = (name: string) => ({ path: path.join(shared, 'data/photos', name) });

export const session = await openSession(MODEL);
const input = session.model.inputs[0]!;

/** Runs a method to its end, which gives pictures. */
export async function made(request: Omit<RunRequest, 'model'>, of = session): Promise<ImagesResult> {
  const run = runMethod(of, { ...request, model: of === session ? MODEL : '' }, new AbortController().signal);
  for (;;) {
    const step = await run.next();
    if (step.done) return step.value.result as ImagesResult;
  }
}

/** What a tensor holds for some input, N×C×H×W. */
async function answers(tensor: string, image: Tensor<'float32'>): Promise<Tensor<'float32'>> {
  const found = await session.run(`features(${tensor})`, () => prune(session.model.graph, [tensor]), {
    [input.name]: image,
  });
  return found[tensor] as Tensor<'float32'>;
}

/** The largest mean over the map of a channel that any photo brings, by channel. */
export async function bestOfPhotos(layer: string, channels: readonly number[]): Promise<number[]> {
  const best = channels.map(() => -Infinity);
  for (const file of fs.readdirSync(path.join(shared, 'data/photos')).filter((name) => /\.(jpe?g|png)$/.test(name))) {
    const { tensor } = await loadInput(session, photo(file));
    const { data, shape } = await answers(layer, tensor);
    const area = shape[2]! * shape[3]!;
    channels.forEach((channel, i) => {
      const map = data.subarray(channel * area, (channel + 1) * area);
      best[i] = Math.max(best[i]!, map.reduce((sum, value) => sum + value, 0) / area);
    });
  }
  return best;
}

/** The network's first choice for each of the pictures, which are of its own size. */
export async function firstChoices({ arrays }: ImagesResult): Promise<number[]> {
  const { data, shape } = arrays['image'] as Tensor<'float32'>;
  const [count, ...rest] = shape;
  const size = data.length / count!;
  const choices: number[] = [];
  for (let n = 0; n < count!; n++) {
    const one = float32(data.slice(n * size, (n + 1) * size), [1, ...rest]);
    const scores = Array.from((await answers(session.model.graph.outputs[0]!, one)).data);
    choices.push(scores.indexOf(Math.max(...scores)));
  }
  return choices;
}
