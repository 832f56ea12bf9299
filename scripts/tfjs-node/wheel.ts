import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The wheel holds the same TensorFlow C library that tfjs-node's install script downloads. */
const TENSORFLOW = '2.16.2';
const SHA256 = 'c855cb6bf05d32dd5928086b03a5f6b4189b63c22b95e017703cbee4291023ca';
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** Headers that tensorflow/c/eager/c_api.h and tensorflow/core/platform/ctstring_internal.h include. */
const HEADERS = ['tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tensorflow/tsl/', 'tsl/platform/', 'tsl/c/'];

/**
 * Gives an installed @tensorflow/tfjs-node its native part: the library and headers from PyPI's wheel, and the addon (two C++
 * files, pure Node-API) compiled against them. Linux x86-64; needs python3 with pip, and g++. Throws where a step fails.
 */
export function buildFromWheel(folder: string): void {
  if (`${process.platform}-${process.arch}` !== 'linux-x64')
    throw new Error(
      'Only on Linux x86-64 can it be built from the wheel: install @tensorflow/tfjs-node where its download is possible.',
    );
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'layerscope-tfjs-node-'));
  try {
    unpack(fetchWheel(temporary), path.join(folder, 'deps'));
    compileAddon(folder, temporary);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function run(cwd: string, program: string, ...args: string[]): void {
  const { status, error } = spawnSync(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? `exit status ${status}`}.`);
}

function fetchWheel(folder: string): string {
  const platforms = ['manylinux_2_17_x86_64', 'manylinux2014_x86_64'].map((name) => `--platform=${name}`);
  const python = ['--implementation=cp', '--python-version=3.11', '--abi=cp311', ...platforms];
  const flags = ['-q', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', ...python, '-d', folder];
  run(folder, 'python3', '-m', 'pip', 'download', ...flags, `tensorflow-cpu==${TENSORFLOW}`);
  const wheel = path.join(folder, readdirSync(folder).find((name) => name.endsWith('.whl')) ?? '');
  if (createHash('sha256').update(readFileSync(wheel)).digest('hex') !== SHA256)
    throw new Error(`${path.basename(wheel)} is not the file that was expected.`);
  return wheel;
}

/** By Python, which is needed for pip anyway: Node has no unzip. */
function unpack(wheel: string, deps: string): void {
  const program = `
import os, shutil, sys, zipfile
wheel, deps, libraries, headers = sys.argv[1], sys.argv[2], sys.argv[3].split(), tuple(sys.argv[4].split())
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        inside = name.removeprefix('tensorflow/include/')
        if name in ['tensorflow/' + library for library in libraries]:
            to = os.path.join(deps, 'lib', os.path.basename(name))
        elif inside != name and inside.endswith('.h') and inside.startswith(headers):
            to = os.path.join(deps, 'include', inside)
        else:
            continue
        os.makedirs(os.path.dirname(to), exist_ok=True)
        with archive.open(name) as source, open(to, 'wb') as target:
            shutil.copyfileobj(source, target, 1 << 20)`;
  rmSync(deps, { recursive: true, force: true });
  run(path.dirname(deps), 'python3', '-c', program, wheel, deps, LIBRARIES.join(' '), HEADERS.join(' '));
}

function compileAddon(folder: string, temporary: string): void {
  const addon = path.join(folder, 'lib/napi-v8');
  mkdirSync(addon, { recursive: true });
  const include = nodeHeaders(temporary);
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(folder, 'binding', name));
  const flags = ['-std=c++17', '-O2', '-fPIC', '-shared', '-pthread', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'];
  const libraries = LIBRARIES.map((name) => `-l:${name}`);
  // The addon looks for the libraries in ../../deps/lib, seen from its own place.
  const linked = [`-L${path.join(folder, 'deps/lib')}`, ...libraries, '-Wl,-rpath,$ORIGIN/../../deps/lib'];
  const names = ['-DNODE_GYP_MODULE_NAME=tfjs_binding', `-I${include}`, `-I${path.join(folder, 'deps/include')}`];
  run(folder, 'g++', ...flags, ...names, ...sources, '-o', path.join(addon, 'tfjs_binding.node'), ...linked);
}

/** Beside Node, or from npm. */
function nodeHeaders(temporary: string): string {
  const beside = path.join(path.dirname(process.execPath), '../include/node');
  if (existsSync(path.join(beside, 'node_api.h'))) return beside;
  run(
    temporary,
    'npm',
    'install',
    'node-api-headers@1',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  );
  return path.join(temporary, 'node_modules/node-api-headers/include');
}
