// npm run bench:growth: how the time of a forward pass and of a gradient grows with image size, batch, depth and channels,
// as a plot: docs/pictures/growth.svg.
import fs from 'node:fs';
import { chooseEngine } from '../../src/core/engines/choose.ts';
import { GraphBuilder } from '../../src/core/graph/builder.ts';
import { BATCH, type Graph } from '../../src/core/graph/graph.ts';
import { elements, float32 } from '../../src/core/graph/tensor.ts';
import { channel, oneHot } from '../../src/core/optimization/objectives.ts';
import { gradientProgram } from '../../src/core/optimization/program.ts';
import { plot, type Panel } from './plot.ts';

/** A network of `depth` 3×3 convolutions with ReLU. */
interface Settings {
  readonly size: number;
  readonly batch: number;
  readonly depth: number;
  readonly channels: number;
}
const USUAL: Settings = { size: 112, batch: 1, depth: 8, channels: 32 };

const SWEEPS = {
  size: { title: 'image size, pixels', values: [28, 56, 112, 224, 448] },
  batch: { title: 'images in a batch', values: [1, 2, 4, 8, 16] },
  depth: { title: 'convolutions', values: [2, 4, 8, 16, 32] },
  channels: { title: 'channels of each', values: [16, 32, 64, 128, 256] },
} as const;

function network({ size, depth, channels }: Settings): { graph: Graph; last: string } {
  const builder = new GraphBuilder();
  let last = builder.input('x', [BATCH, 3, size, size]);
  for (let layer = 0; layer < depth; layer++) {
    const inputs = layer === 0 ? 3 : channels;
    const values = Float32Array.from({ length: channels * inputs * 9 }, (_, i) => Math.sin(i * 1.7 + layer) / inputs);
    const weights = builder.floats('w', values, [channels, inputs, 3, 3]);
    last = builder.add('Relu', [builder.add('Conv', [last, weights], { pads: [1, 1, 1, 1] })]);
  }
  return { graph: builder.graph([last]), last };
}

async function measure(settings: Settings): Promise<{ forward: number; gradient: number }> {
  const engine = await chooseEngine('onnxruntime');
  const { graph, last } = network(settings);
  const shape = [settings.batch, 3, settings.size, settings.size];
  const image = float32(
    Float32Array.from({ length: elements(shape) }, (_, i) => Math.cos(i / 7)),
    shape,
  );
  const unit = oneHot(new Array<number>(settings.batch).fill(0), settings.channels);
  const least = async (program: Graph, feeds: Parameters<Awaited<ReturnType<typeof engine.compile>>['run']>[0]) => {
    const executable = await engine.compile(program);
    let best = Infinity;
    const started = performance.now();
    for (let runs = 0; runs < 5 || performance.now() - started < 1000; runs++) {
      const before = performance.now();
      await executable.run(feeds);
      best = Math.min(best, performance.now() - before);
    }
    await executable.dispose();
    return best;
  };
  return {
    forward: await least(graph, { x: image }),
    gradient: await least(gradientProgram(graph, channel(last), { input: 'x' }), { x: image, unit }),
  };
}

const panels: Panel[] = [];
for (const [name, { title, values }] of Object.entries(SWEEPS)) {
  const rows: { value: number; forward: number; gradient: number }[] = [];
  for (const value of values) {
    const times = await measure({ ...USUAL, [name]: value });
    rows.push({ value, ...times });
    console.log(
      `${title} ${value}: forward ${times.forward.toFixed(2)} ms, gradient ${times.gradient.toFixed(2)} ms, ${(times.gradient / times.forward).toFixed(2)} ×`,
    );
  }
  panels.push({
    title,
    series: [
      { name: 'forward and gradient', points: rows.map(({ value, gradient }) => [value, gradient]) },
      { name: 'forward', points: rows.map(({ value, forward }) => [value, forward]) },
    ],
  });
}
fs.writeFileSync('docs/pictures/growth.svg', plot(panels, 'milliseconds'));
