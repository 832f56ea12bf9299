// npm run bench [-- --rounds 2] [--python PYTHON]
//
// Times Layerscope on SqueezeNet v1.0 beside PyTorch, each alone in its process, alternating, and prints the ratios; then
// what a user waits for in the editor. The networks and the peers' script are found by LAYERSCOPE_SHARED (default ../shared);
// the peers run where PYTHON (default python3) has torch, those of attribution where it has captum.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Measurement } from '../../src/cli/bench.ts';
import { measureEditor } from './editor.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2' },
    python: { type: 'string', default: process.env['PYTHON'] ?? 'python3' },
    'no-editor': { type: 'boolean', default: false },
  },
});
const shared = path.resolve(process.env['LAYERSCOPE_SHARED'] ?? '../shared');
const networks = {
  squeezenet: 'squeezenet10-deepcomp/squeezenet10.onnx',
  'efficientnet-lite0': 'efficientnet-lite0/efficientnet-lite0.onnx',
};
const peersScript = path.join(shared, 'bench/peers.py');

type Seconds = Map<string, number>;

const keepLeast = (into: Seconds, name: string, seconds: number) =>
  into.set(name, Math.min(into.get(name) ?? Infinity, seconds));

function runOurs(into: Seconds): void {
  for (const [name, file] of Object.entries(networks)) {
    const layer = name === 'squeezenet' ? ['--layer', 'fire5/concat'] : [];
    const output = execFileSync(process.execPath, [
      'dist/cli.cjs',
      'bench',
      '--model',
      path.join(shared, 'models', file),
      '--json',
      ...layer,
    ]);
    for (const { name: what, min } of JSON.parse(output.toString()) as Measurement[])
      keepLeast(into, `${name}/${what}`, min);
  }
}

function runPeers(into: Seconds): boolean {
  if (!fs.existsSync(peersScript) || spawnSync(values.python, ['-c', 'import torch, onnx, PIL']).status !== 0)
    return false;
  const captum = spawnSync(values.python, ['-c', 'import captum']).status === 0;
  const only = ['forward', 'gradient', ...(captum ? ['ig', 'occlusion'] : [])].join();
  const output = execFileSync(values.python, [peersScript, '--only', only], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { seconds } = JSON.parse(output.toString()) as { seconds: Record<string, { min: number }> };
  // Captum at its best batch.
  for (const [name, { min }] of Object.entries(seconds)) keepLeast(into, name.replace(/\/batch-\d+$/, ''), min);
  return true;
}

const show = (name: string, value: number) =>
  name.includes('memory')
    ? `${value.toFixed(0)} MB`
    : value < 1
      ? `${(value * 1000).toFixed(1)} ms`
      : `${value.toFixed(2)} s`;

if (fs.existsSync(path.join(shared, 'models'))) {
  const ours: Seconds = new Map();
  const peers: Seconds = new Map();
  let compared = true;
  for (let round = 0; round < Number(values.rounds); round++) {
    runOurs(ours);
    compared = compared && runPeers(peers);
  }
  if (!compared)
    console.log(`No ratios: ${values.python} has no torch, onnx and pillow (--python PYTHON names another).`);
  console.log(
    `\n${'least of all rounds'.padEnd(58)}${'Layerscope'.padStart(12)}${'PyTorch'.padStart(12)}${'ratio'.padStart(8)}`,
  );
  for (const [name, seconds] of ours) {
    const peer = peers.get(name);
    const ratio = peer === undefined ? '' : (peer / seconds).toFixed(2);
    console.log(
      `${name.padEnd(58)}${show(name, seconds).padStart(12)}${(peer === undefined ? '' : show(name, peer)).padStart(12)}${ratio.padStart(8)}`,
    );
  }
} else console.log(`No networks in ${shared}: LAYERSCOPE_SHARED names the folder.`);

if (!values['no-editor'])
  for (const [name, value] of await measureEditor()) console.log(`${name.padEnd(58)}${show(name, value).padStart(12)}`);
