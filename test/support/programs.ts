import type { Executable } from '../../src/core/engines/engine.ts';
import { createOnnxRuntime } from '../../src/core/engines/onnxruntime.ts';
import type { RunProgram } from '../../src/core/optimization/parametrisations/draw.ts';

const engine = createOnnxRuntime();
const compiled = new Map<string, Promise<Executable>>();

/** Runs programs by ONNX Runtime, each compiled once. */
export const runProgram: RunProgram = async (key, build, feeds) => {
  if (!compiled.has(key)) compiled.set(key, (await engine).compile(build()));
  return (await compiled.get(key)!).run(feeds);
};
