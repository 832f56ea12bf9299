// npm run bench:large [-- MEGABYTES …]: time and memory to open a large ONNX file, and to compile its forward pass, each size in a
// process of its own. The file is made up: 3×3 convolutions with 512 channels.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chooseEngine } from '../../src/core/engines/choose.ts';
import { openModel } from '../../src/core/formats/index.ts';
import { encodeOnnx } from '../../src/core/formats/onnx/encode.ts';
import { GraphBuilder } from '../../src/core/graph/builder.ts';
import { BATCH } from '../../src/core/graph/graph.ts';

const CHANNELS = 512;

function writeNetwork(file: string, megabytes: number): void {
  const builder = new GraphBuilder();
  let last = builder.input('x', [BATCH, 3, 32, 32]);
  const layers = Math.round((megabytes * 1e6) / (CHANNELS * CHANNELS * 9 * 4));
  for (let layer = 0; layer <= layers; layer++) {
    const inputs = layer === 0 ? 3 : CHANNELS;
    const values = Float32Array.from({ length: CHANNELS * inputs * 9 }, (_, i) => Math.sin(i + layer) / 100);
    const weights = builder.floats(`w${layer}`, values, [CHANNELS, inputs, 3, 3]);
    last = builder.add('Relu', [builder.add('Conv', [last, weights], { pads: [1, 1, 1, 1] })]);
  }
  fs.writeFileSync(file, encodeOnnx(builder.graph([last])));
}

const peak = () => `peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`;

async function measure(file: string): Promise<void> {
  const engine = await chooseEngine('onnxruntime');
  console.log(`${(fs.statSync(file).size / 1e6).toFixed(0)} MB; before: ${peak()}`);
  const started = performance.now();
  const { graph } = await openModel(file);
  console.log(`open ${((performance.now() - started) / 1000).toFixed(2)} s, ${peak()}`);
  const { compileTime } = await engine.compile(graph);
  console.log(`compile ${(compileTime / 1000).toFixed(2)} s, ${peak()}`);
}

const here = (...words: readonly string[]) =>
  spawnSync(process.execPath, [...process.execArgv, import.meta.filename, ...words], { stdio: 'inherit' });

// The parent stays small: the system counts what it held as the peak of its children.
const [task, ...given] = process.argv.slice(2);
if (task === 'write') writeNetwork(given[0]!, Number(given[1]));
else if (task === 'measure') await measure(given[0]!);
else
  for (const megabytes of task === undefined ? ['100', '500'] : [task, ...given]) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerscope-large-'));
    try {
      const file = path.join(folder, 'model.onnx');
      here('write', file, megabytes);
      here('measure', file);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  }
