// npm run profile:stimuli [-- MODEL] [--layer fire5/concat] [--rounds 3] [--json]
//
// A step of the recipes on a photo-sized picture: seconds, and the share of it that is spent outside the engine (transforms, penalties,
// priors, optimizer, copies). A run of few steps is taken off one of more, so that opening and compiling do not count.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Engine, Executable } from '../../src/core/engines/engine.ts';
import { decodeImage } from '../../src/core/images/decode.ts';
import { cropCentre } from '../../src/core/images/resize.ts';
import { openSession } from '../../src/core/open.ts';
import type { RunRequest } from '../../src/core/request.ts';
import { runMethod } from '../../src/core/run.ts';
import { Session } from '../../src/core/session.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    layer: { type: 'string', default: 'fire5/concat' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const shared = path.resolve(process.env['LAYERSCOPE_SHARED'] ?? '../shared');
const photo = (name: string) => ({ path: path.join(shared, 'data/photos', name) });
const model = positionals[0] ?? path.join(shared, 'models/squeezenet10-deepcomp/squeezenet10.onnx');
/** Its middle, as wide as high, as the peers have it. */
async function square(name: string) {
  const file = photo(name).path;
  const whole = await decodeImage(fs.readFileSync(file), file);
  const side = Math.min(whole.width, whole.height);
  const { rgb } = cropCentre(whole, side, side);
  const rgba = Uint8Array.from({ length: 4 * side * side }, (_, i) =>
    i % 4 === 3 ? 255 : rgb[(i >> 2) * 3 + (i % 4)]!,
  );
  return { name, width: side, height: side, rgba };
}
const STYLE = {
  method: 'style',
  layer: 'fire4/concat',
  image: await square('zebra.jpg'),
  style: await square('swan.jpg'),
};
/** What the peers do: pixels, from the content, no total variation. */
const PIXELS = {
  parametrisation: 'pixels',
  start: 'content',
  smoothness: 0,
  layers: 'relu_conv1,fire2/concat,fire3/concat,fire4/concat,fire5/concat',
};

/** Steps, the request, its parameters. */
const CASES: Readonly<Record<string, readonly [number, Omit<RunRequest, 'model'>, Record<string, unknown>]>> = {
  'lucent-step/128': [
    40,
    { method: 'activation-maximisation', layer: values.layer, unit: '0' },
    { size: 128, redirect: 0 },
  ],
  'lucent-step/224': [
    20,
    { method: 'activation-maximisation', layer: values.layer, unit: '0' },
    { size: 224, redirect: 0 },
  ],
  'nine-channels-step': [40, { method: 'activation-maximisation', layer: values.layer, unit: '0-8' }, { redirect: 0 }],
  'style-step/224': [10, STYLE, { ...PIXELS, size: 224 }],
  'style-step/512': [20, STYLE, { ...PIXELS, size: 512 }],
  'style-step/512, L-BFGS': [12, STYLE, { ...PIXELS, size: 512, optimizer: 'l-bfgs', rate: 1 }],
  'style-step/512, Fourier': [5, STYLE, { size: 512 }],
  'inversion-step': [80, { method: 'inversion', layer: 'fire4/concat', image: photo('zebra.jpg') }, {}],
  'class-model-step': [20, { method: 'class-model', target: '130' }, {}],
  'norm-ball-step': [20, { method: 'norm-ball', layer: 'fire9/concat', unit: '73' }, { starts: 1 }],
  'dream-step': [10, { method: 'deepdream', layer: 'fire5/concat', image: photo('zebra.jpg') }, { octaves: 1 }],
  'yosinski-step': [20, { method: 'yosinski', layer: 'fire9/concat', unit: '73' }, {}],
  'total-variation-step': [20, { method: 'total-variation', target: '130' }, {}],
};

const opened = await openSession(model);
let inEngine = 0;
const watched = (executable: Executable): Executable => ({
  ...executable,
  async run(feeds, fetches) {
    const before = performance.now();
    try {
      return await executable.run(feeds, fetches);
    } finally {
      inEngine += performance.now() - before;
    }
  },
});
const { id, version, lanes = 1 } = opened.engine;
const engine: Engine = {
  id,
  version,
  lanes,
  compile: async (graph, options) => watched(await opened.engine.compile(graph, options)),
};
const session = new Session(opened.model, engine, opened.description);

async function timed(request: Omit<RunRequest, 'model'>, params: Record<string, unknown>) {
  inEngine = 0;
  const before = performance.now();
  const run = runMethod(session, { ...request, model, params }, new AbortController().signal);
  const times: number[] = [];
  while (!(await run.next()).done) times.push(performance.now());
  // The first compiles, the last ones finish.
  const steps = times.slice(2, -2).map((time, i) => time - times[i + 1]!);
  return { all: performance.now() - before, engine: inEngine, step: Math.min(...steps) };
}

/** Milliseconds of a run of so many steps, of them in the engine, and of the shortest step, as the peers count: the least of each. */
const least = async (request: Omit<RunRequest, 'model'>, params: Record<string, unknown>) => {
  let all = Infinity;
  let engineAlone = Infinity;
  let step = Infinity;
  for (let round = 0; round < Number(values.rounds); round++) {
    const one = await timed(request, params);
    all = Math.min(all, one.all);
    engineAlone = Math.min(engineAlone, one.engine);
    step = Math.min(step, one.step);
  }
  return { all, engine: engineAlone, step };
};

const found: Record<string, { readonly min: number; readonly outside: number }> = {};
for (const [name, [steps, request, params]] of Object.entries(CASES)) {
  if (!name.includes(values.only)) continue;
  await timed(request, { ...params, steps: 2 });
  const few = await least(request, { ...params, steps: 2 });
  const more = await least(request, { ...params, steps: steps + 2 });
  const all = more.all - few.all;
  const outside = 1 - (more.engine - few.engine) / all;
  found[name] = { min: all / steps / 1000, outside };
  // Where lanes run beside each other, the engine's time is more than the clock's.
  const share = outside > 0 ? `${(100 * outside).toFixed(0)} % outside the engine` : 'the rest beside the engine';
  const shortest = outside > 0 ? `; the shortest ${more.step.toFixed(1)} ms` : '';
  if (!values.json) console.log(`${name.padEnd(26)}${(all / steps).toFixed(1).padStart(8)} ms, ${share}${shortest}`);
}
if (values.json) console.log(JSON.stringify(found, undefined, 1));
await session.dispose();
process.exit(0);
