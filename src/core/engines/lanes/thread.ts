// A thread that keeps sessions of ONNX Runtime and runs them: `run` there holds its thread until it is done.
import { parentPort } from 'node:worker_threads';
import type * as ort from 'onnxruntime-node';
import type { Answer, Call, Message, Packed } from './messages.ts';

const loading = import('onnxruntime-node').then((loaded) => (loaded as { default?: typeof ort }).default ?? loaded);
const sessions = new Map<number, { readonly session: ort.InferenceSession; readonly kept: Map<string, ort.Tensor> }>();
const port = parentPort!;

port.on('message', (call: Message) => {
  if (call.kind === 'end') process.exit();
  void answer(call).then(
    ({ value, moved }) => port.postMessage({ id: call.id, value } satisfies Answer, moved),
    (error: unknown) => port.postMessage({ id: call.id, error: (error as Error).message } satisfies Answer),
  );
});

async function answer(call: Call): Promise<{ value: Answer['value']; moved: ArrayBuffer[] }> {
  const runtime = await loading;
  if (call.kind === 'compile') {
    const session = await runtime.InferenceSession.create(call.bytes, call.options);
    sessions.set(call.program, { session, kept: new Map() });
    return { value: { inputs: session.inputNames }, moved: [] };
  }
  const { session, kept } = sessions.get(call.program)!;
  if (call.kind === 'release') {
    sessions.delete(call.program);
    await session.release();
    return { value: {}, moved: [] };
  }
  const feeds = Object.fromEntries(
    Object.entries(call.feeds).map(([name, feed]) => {
      if (feed === 'kept') return [name, kept.get(name)!];
      const tensor = new runtime.Tensor(feed.type as 'float32', feed.data as Float32Array, feed.dims);
      if (feed.constant) kept.set(name, tensor);
      return [name, tensor];
    }),
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
