import type { Preprocessing } from '../../model.ts';
import type { Entry } from './proto.ts';

interface Metadata {
  readonly preprocessing?: Preprocessing;
  readonly labels?: readonly string[];
}

/** The metadata entry in which a model says what `NAME.layerscope.json` would. */
const KEY = 'layerscope';

/** Labels and preprocessing, where the file tells them plainly. */
export function readMetadata(entries: readonly Entry[] = [], warnings: string[]): Metadata {
  const text = entries.find(({ key }) => key === KEY)?.value;
  if (!text) return {};
  try {
    const { input, labels } = JSON.parse(text) as { input?: unknown; labels?: unknown };
    return {
      ...(isPreprocessing(input) && { preprocessing: input }),
      ...(isListOf(labels, 'string') && { labels: labels as string[] }),
    };
  } catch {
    warnings.push(`The metadata entry '${KEY}' is no JSON and was left out.`);
    return {};
  }
}

const isListOf = (value: unknown, type: string) => Array.isArray(value) && value.every((item) => typeof item === type);

function isPreprocessing(value: unknown): value is Preprocessing {
  const input = value as Partial<Preprocessing> | null;
  return (
    typeof input === 'object' &&
    input !== null &&
    ['RGB', 'BGR', 'grey'].includes(input.channels!) &&
    typeof input.scale === 'number' &&
    isListOf(input.mean, 'number') &&
    isListOf(input.std, 'number') &&
    ['squash', 'crop'].includes(input.resize!)
  );
}
