import type * as ort from 'onnxruntime-node';
import type { Graph } from '../graph/graph.ts';

/** What ONNX Runtime may compute on besides the processor: WebGPU, Apple's Core ML, DirectX's DirectML. */
export type Provider = 'webgpu' | 'coreml' | 'dml';

/** A session's providers: what the first can't run is left to the processor. */
export function sessionProviders(provider: Provider, { nodes }: Graph): ort.InferenceSession.ExecutionProviderConfig[] {
  // WebGPU takes a max-pool with switches and then fails when it runs.
  const forced = nodes.filter(({ op, outputs }) => op === 'MaxPool' && outputs.length > 1).map(({ name }) => name);
  if (provider === 'webgpu' && forced.length > 0) return [{ name: 'webgpu', forceCpuNodeNames: forced }, 'cpu'];
  return [provider, 'cpu'];
}
