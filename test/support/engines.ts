import type { Engine } from '../../src/core/engines/engine.ts';
import { createTfjsNode } from '../../src/core/engines/tfjs/node.ts';
import { createTfjsWasm } from '../../src/core/engines/tfjs/wasm.ts';

interface ComparedEngine {
  readonly name: string;
  create(): Promise<Engine>;
}

/** `npm run test:tfjs-node` installs it and says where. */
const withTfjsNode = process.env['LAYERSCOPE_TFJS_NODE'] !== undefined;

/** What is compared with ONNX Runtime. */
export const COMPARED_ENGINES: readonly ComparedEngine[] = [
  { name: 'tfjs-wasm', create: createTfjsWasm },
  ...(withTfjsNode ? [{ name: 'tfjs-node', create: createTfjsNode }] : []),
];
