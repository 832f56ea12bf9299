// A thread that keeps sessions of ONNX Runtime and runs them: `run` there holds its thread until it is done.
import { parentPort } from 'node:worker_threads';
import type * as ort from 'onnxruntime-node';
import type { Answer, Call, Packed } from './messages.ts';

const loading = import('onnxruntime-node').then((loaded) => (loaded as { default?: typeof ort }).default ?? loaded);
const sessions = new Map<number, ort.InferenceSession>();
const port = parentPort!;

port.on('message', (call: Call) => {
  void answer(call).then(
    ({ value, moved }) => port.postMessage({ id: call.id, value } satisfies Answer, moved),
    (error: unknown) => port.postMessage({ id: call.id, error: (error as Error).message } satisfies Answer),
  );
});

async function answer(call: Call): Promise<{ value: Answer['value']; moved: ArrayBuffer[] }> {
  const runtime = await loading;
  if (call.kind === 'compile') {
    const session = await runtime.InferenceSession.create(call.bytes, call.options);
    sessions.set(call.program, session);
    return { value: { inputs: session.inputNames }, moved: [] };
  }
  const session = sessions.get(call.program)!;
  if (call.kind === 'release') {
    sessions.delete(call.program);
    await session.release();
    return { value: {}, moved: [] };
  }
  const feeds = Object.fromEntries(
    Object.entries(call.feeds).map(([name, { type, data, dims }]) => [
      name,
      new runtime.Tensor(type as 'float32', data as Float32Array, dims),
    ]),
  );
  const found = await session.run(feeds, call.fetches);
  const results: Record<string, Packed> = {};
  const moved: ArrayBuffer[] = [];
  for (const name of call.fetches) {
    const { type, data, dims } = found[name]!;
    // A copy can be moved; the runtime's own memory can't.
    const copy = (data as Float32Array).slice();
    results[name] = { type, data: copy, dims };
    moved.push(copy.buffer);
  }
  return { value: { results }, moved };
}
