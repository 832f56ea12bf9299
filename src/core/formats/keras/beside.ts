import { basename } from 'node:path';
import type { ModelFile } from '../format.ts';

/** Larger than any architecture is. */
const LARGEST = 64 * 2 ** 20;

/** A model's architecture, as `model.to_json()` writes it. */
export interface Architecture {
  readonly file: string;
  readonly config: unknown;
  readonly version?: string;
  readonly backend?: string;
}

/** Parsed JSON, if it is an architecture of Keras; the two attributes beside are as Keras 1 and 2 write them. */
export function architecture(value: unknown, file: string): Architecture | undefined {
  if (typeof value !== 'object' || value === null || 'modelTopology' in value) return undefined;
  const { class_name: kind, config, keras_version: version, backend } = value as Readonly<Record<string, unknown>>;
  if (typeof kind !== 'string' || typeof config !== 'object' || config === null) return undefined;
  return {
    file,
    config: value,
    ...(typeof version === 'string' && { version }),
    ...(typeof backend === 'string' && { backend }),
  };
}

/** Files in which the architecture of weights usually stands. */
function candidates(weights: string): string[] {
  const stem = basename(weights).replace(/(\.weights)?\.(h5|hdf5)$/i, '');
  return [`${stem}.json`, 'topology.json', 'architecture.json', 'config.json', 'model.json'];
}

/** The architecture that stands beside a file with weights alone, if one does. */
export async function architectureBeside(weights: ModelFile): Promise<Architecture | undefined> {
  for (const name of candidates(weights.path)) {
    if (!(await weights.exists(name))) continue;
    const file = await weights.sibling(name);
    if (file.size > LARGEST) continue;
    const found = architecture(parse(file), name);
    if (found) return found;
  }
  return undefined;
}

function parse(file: ModelFile): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(file.bytes()));
  } catch {
    return undefined;
  }
}
