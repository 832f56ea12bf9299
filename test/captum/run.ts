// npm run test:captum -- PYTHON [WORD]
//
// Compares attributions with captum's on the same ONNX weights and the same input: Pearson's correlation, and the largest
// difference in parts of the largest value. PYTHON has torch, captum and onnx. The networks and photos are found by
// LAYERSCOPE_SHARED (default ../shared). With WORD only methods in whose name it is. Status 1 where a correlation is below .9999.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { decodeNpy, encodeNpy } from '../../src/core/arrays/npy.ts';
import { loadInput } from '../../src/core/inputs.ts';
import { openSession } from '../../src/core/open.ts';
import { runMethod } from '../../src/core/run.ts';
import type { Session } from '../../src/core/session.ts';
import { photo, sharedModel } from '../support/shared.ts';
import { COMPARISONS, type Comparison } from './comparisons.ts';

const LEAST = 0.9999;
const [python, word = ''] = process.argv.slice(2);
if (python === undefined) throw new Error('Which Python? npm run test:captum -- PYTHON');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerscope-captum-'));

async function ours(session: Session, input: string, { method, array, params, layer }: Comparison, target: number) {
  const request = { method, model: session.model.file, image: { path: input }, target, params: params ?? {} };
  const steps = runMethod(session, { ...request, ...(layer && { layer }) }, new AbortController().signal);
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value.result.arrays[array ?? 'attribution']!.data as Float32Array;
  }
}

function agreement(a: Float32Array, b: ArrayLike<number>) {
  if (a.length !== b.length) throw new Error(`${a.length} values beside ${b.length}`);
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sums = `Σ ${(ma * a.length).toFixed(3)}, ${(mb * a.length).toFixed(3)}`;
  let [ab, aa, bb, off, most] = [0, 0, 0, 0, 0];
  a.forEach((value, i) => {
    ab += (value - ma) * (b[i]! - mb);
    aa += (value - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
    off = Math.max(off, Math.abs(value - b[i]!));
    most = Math.max(most, Math.abs(b[i]!));
  });
  // Two maps that are zero everywhere are alike.
  return aa === 0 && bb === 0
    ? { correlation: 1, difference: 0, sums }
    : { correlation: ab / Math.sqrt(aa * bb), difference: off / most, sums };
}

let failed = false;
for (const { network, image, target, methods: all } of COMPARISONS) {
  const methods = all.filter(({ captum }) => captum.includes(word));
  if (methods.length === 0) continue;
  const file = sharedModel(network);
  const session = await openSession(file, { engine: 'onnxruntime' });
  const { tensor } = await loadInput(session, { path: photo(image) });
  const input = path.join(folder, 'input.npy');
  fs.writeFileSync(input, encodeNpy(tensor));
  const script = path.join(import.meta.dirname, 'explain.py');
  const theirs = methods.map(({ captum }) => captum);
  execFileSync(python, ['-W', 'ignore', script, file, input, String(target), folder, ...theirs], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const comparison of methods) {
    const name = `${comparison.captum.replaceAll('/', '-')}.npy`;
    const { values } = decodeNpy(fs.readFileSync(path.join(folder, name)), name);
    const found = agreement(await ours(session, input, comparison, target), Float32Array.from(values));
    const good = found.correlation >= (comparison.least ?? LEAST);
    failed ||= !good;
    const label = `${path.basename(network)} ${image} ${comparison.captum}`;
    console.log(
      `${good ? 'same ' : 'OTHER'} ${label.padEnd(88)} r ${found.correlation.toFixed(8)}  difference ${found.difference.toExponential(1)}  ${found.sums}`,
    );
  }
  await session.dispose();
}
fs.rmSync(folder, { recursive: true });
process.exit(failed ? 1 : 0);
