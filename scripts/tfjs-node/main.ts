// The tests that compare engines, with tfjs-node among them: npm run test:tfjs-node
// It is installed beside the project (LAYERSCOPE_TFJS_NODE, else ~/.cache/layerscope-tfjs-node), as its native part is large
// and its download not always possible: then that part is built from TensorFlow's Python wheel. Run again, it finds what is
// there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFromWheel } from './wheel.ts';

const PACKAGE = '@tensorflow/tfjs-node';
const VERSION = '4.22.0';

const project = fileURLToPath(new URL('../..', import.meta.url));
const cache = process.env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache');
const folder = path.resolve(process.env['LAYERSCOPE_TFJS_NODE'] || path.join(cache, 'layerscope-tfjs-node'));
const env = { ...process.env, LAYERSCOPE_TFJS_NODE: folder, TF_CPP_MIN_LOG_LEVEL: '3' };

/** Whether it multiplies. Needs the two functions of `util` that Node 23 took away. */
function runs(): boolean {
  const program = `
    const util = require('node:util');
    util.isNullOrUndefined ??= (value) => value == null;
    util.isArray ??= Array.isArray;
    const tf = require('${PACKAGE}');
    process.exit(tf.getBackend() === 'tensorflow' && tf.mul(6, 7).dataSync()[0] === 42 ? 0 : 1);`;
  return spawnSync(process.execPath, ['-e', program], { cwd: folder, env, stdio: 'ignore' }).status === 0;
}

function npmInstall(...flags: string[]): boolean {
  const given = ['install', `${PACKAGE}@${VERSION}`, '--no-audit', '--no-fund', '--loglevel=error', ...flags];
  return spawnSync('npm', given, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;
}

function install(): void {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(path.join(folder, 'package.json')))
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  if (runs()) return;
  console.log(`Installing ${PACKAGE} ${VERSION} into ${folder} (once, about 600 MB)…`);
  if (npmInstall() && runs()) return;
  console.log('Its download failed: building it from the wheel of tensorflow-cpu…');
  if (!npmInstall('--ignore-scripts')) throw new Error(`npm could not install ${PACKAGE}.`);
  buildFromWheel(path.join(folder, 'node_modules', PACKAGE));
  if (!runs()) throw new Error(`${PACKAGE} in ${folder} does not run: remove that folder and try again.`);
}

try {
  install();
  const vitest = path.join(project, 'node_modules/vitest/vitest.mjs');
  const tests = spawnSync(process.execPath, [vitest, 'run', '--project', 'unit', 'test/unit/engines'], {
    cwd: project,
    env,
    stdio: 'inherit',
  });
  process.exitCode = tests.status ?? 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
