import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openModel } from '../../src/core/formats/index.ts';
import { PROJECT } from './vscode/start.ts';

/** What PyTorch code calls the sample's layers; the first stands in a `Sequential`. */
const MODULES: Readonly<Record<string, string>> = { conv1: 'features.0' };

/** Writes the weights of the sample network as the state dict that PyTorch code would have saved, in `folder/name`. */
export async function stateDict(folder: string, name: string): Promise<void> {
  const { layers, graph } = await openModel(path.join(PROJECT, 'media/samples/digits.onnx'));
  const tensors = layers.flatMap((layer) =>
    layer.weights.map((weight, n) => ({
      name: `${MODULES[layer.name] ?? layer.name}.${['weight', 'bias'][n]!}`,
      tensor: graph.constants.get(weight)!,
    })),
  );
  let end = 0;
  const header = Object.fromEntries(
    tensors.map(({ name: key, tensor }) => {
      const from = end;
      end += tensor.data.byteLength;
      return [key, { dtype: 'F32', shape: tensor.shape, data_offsets: [from, end] }];
    }),
  );
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const data = tensors.map(({ tensor: { data } }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), Buffer.concat([length, json, ...data]));
}
