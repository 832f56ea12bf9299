// npm run profile -- MODEL [--runs 40]
//
// Where the time of a network's gradient goes, by operator: ONNX Runtime's own profile of the program as our engine hands it
// over, the least of all runs for each node.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import ort from 'onnxruntime-node';
import { noise } from '../../src/cli/bench-methods.ts';
import { programFor } from '../../src/core/engines/onnxruntime.ts';
import { BATCH } from '../../src/core/graph/graph.ts';
import { elements } from '../../src/core/graph/tensor.ts';
import { openSession } from '../../src/core/open.ts';
import { channel, oneHot } from '../../src/core/optimization/objectives.ts';
import { gradientProgram } from '../../src/core/optimization/program.ts';
import { scoreTensor } from '../../src/core/scores.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '40' } },
});

interface Event {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args: { readonly op_name: string };
}

const { model, shapes } = await openSession(positionals[0]!);
const input = model.inputs[0]!;
const scores = scoreTensor(model);
const gradient = gradientProgram(model.graph, channel(scores), { input: input.name });
const { bytes, options } = programFor(gradient, { separate: true });
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerscope-profile-'));
const session = await ort.InferenceSession.create(bytes, {
  ...options,
  enableProfiling: true,
  profileFilePrefix: path.join(folder, 'profile'),
});
const shape = input.shape.map((size) => (size === BATCH ? 1 : size));
const image = noise(elements(shape));
const unit = oneHot(new Array<number>(shape[0]!).fill(0), shapes.get(scores)![1]!);
const feeds: Record<string, ort.Tensor> = {};
for (const name of session.inputNames)
  feeds[name] =
    name === input.name
      ? new ort.Tensor('float32', image, shape)
      : new ort.Tensor('float32', unit.data, [...unit.shape]);
for (let run = 0; run < Number(values.runs); run++) await session.run(feeds);
session.endProfiling();

const file = path.join(folder, fs.readdirSync(folder)[0]!);
const events = JSON.parse(fs.readFileSync(file, 'utf8')) as Event[];
fs.rmSync(folder, { recursive: true });
const least = new Map<string, { op: string; microseconds: number }>();
for (const { cat, name, dur, args } of events) {
  // The loop over the images is the sum of what is in it.
  if (cat !== 'Node' || !name.endsWith('_kernel_time') || args.op_name === 'Scan') continue;
  least.set(name, { op: args.op_name, microseconds: Math.min(dur, least.get(name)?.microseconds ?? Infinity) });
}
const byOperator = new Map<string, { milliseconds: number; nodes: number }>();
for (const { op, microseconds } of least.values()) {
  const sum = byOperator.get(op) ?? { milliseconds: 0, nodes: 0 };
  byOperator.set(op, { milliseconds: sum.milliseconds + microseconds / 1000, nodes: sum.nodes + 1 });
}
for (const [op, { milliseconds, nodes }] of [...byOperator].sort((a, b) => b[1].milliseconds - a[1].milliseconds))
  console.log(`${op.padEnd(20)}${milliseconds.toFixed(2).padStart(8)} ms${String(nodes).padStart(6)} nodes`);
