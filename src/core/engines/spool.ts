import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { elements, type FileRange, type Tensor } from '../graph/tensor.ts';

const PREFIX = 'layerscope-weights-';

/**
 * A file for weights that stand in no file as programs want them (transposed, unpacked, scaled at import): written there
 * once, so that every program of a model refers to the same bytes. One for the process, deleted when it ends.
 */
let file: { readonly path: string; size: number } | undefined;
const places = new WeakMap<Tensor, number>();

/** The same tensor with a place in the spool as its `source`; as it is where it has fewer bytes than `least`, or no floats. */
export function spooled(tensor: Tensor, least: number): Tensor {
  const { dtype, shape } = tensor;
  if (dtype !== 'float32' || elements(shape) * 4 < least) return tensor;
  file ??= create();
  let offset = places.get(tensor);
  if (offset === undefined) {
    offset = file.size;
    const { data } = tensor;
    appendFileSync(file.path, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    file.size += data.byteLength;
    places.set(tensor, offset);
  }
  const source: FileRange = { path: file.path, offset, size: file.size, modified: NaN };
  return Object.create(tensor, { source: { value: source } }) as Tensor;
}

function create(): { readonly path: string; size: number } {
  removeStale();
  const folder = mkdtempSync(join(os.tmpdir(), `${PREFIX}${process.pid}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'weights');
  writeFileSync(path, '');
  return { path, size: 0 };
}

/** What processes left that were killed. */
function removeStale(): void {
  for (const name of readdirSync(os.tmpdir())) {
    const [, pid] = new RegExp(`^${PREFIX}(\\d+)-`).exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(os.tmpdir(), name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
