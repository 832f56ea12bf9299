import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { decodeNpy, type NpyArray } from '../../src/core/arrays/npy.ts';

const CLI = resolve('dist/cli.cjs');
if (!existsSync(CLI)) throw new Error(`There is no ${CLI}: 'npm run build' makes it.`);

export const SHARED = resolve(process.env['LAYERSCOPE_SHARED'] ?? '../shared');
export const SAMPLES = resolve('media/samples');

/** Real networks; a test that needs one is skipped where the folder is absent. */
export const hasShared = existsSync(join(SHARED, 'models'));
export const model = (path: string) => join(SHARED, 'models', path);
export const photo = (name: string) => join(SHARED, 'data/photos', name);

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built command line in a process of its own. */
export const start = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

export async function finish(child: ChildProcess): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const status = await new Promise<number | null>((done) => child.on('close', done));
  return { status, stdout, stderr };
}

export const layerscope = (...args: readonly string[]): Promise<Finished> => finish(start(...args));

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'layerscope-'));

export const readJson = (...path: readonly string[]) =>
  JSON.parse(readFileSync(join(...path), 'utf8')) as Record<string, unknown>;

export const readNpy = (...path: readonly string[]): NpyArray => decodeNpy(readFileSync(join(...path)), path.at(-1)!);

/** The largest difference of two lists, as a part of the largest magnitude. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
    largest = Math.max(largest, Math.abs(b[i]!));
  }
  return difference / largest;
}
