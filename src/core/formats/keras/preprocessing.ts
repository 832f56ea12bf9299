import { numbers } from '../../graph/tensor.ts';
import type { ModelInput, Preprocessing } from '../../model.ts';
import type { LayerConfig, ModelConfig } from './config.ts';
import type { WeightTable } from './weights.ts';

/** A layer, and the names of the models around it with its own. */
interface Placed {
  readonly layer: LayerConfig;
  readonly path: readonly string[];
}

/** Layers that leave pixels as they are. */
const isPassive = ({ kind }: LayerConfig) =>
  kind === 'InputLayer' || kind === 'Resizing' || /^Random|^CenterCrop$/.test(kind);

/** Functions that bring pixels to a range, where they are called with a number. */
const ARITHMETIC = /^(Subtract|Multiply|Divide|TrueDivide)$/;
const FUNCTION = /^(math|__operators__)\.(subtract|sub|multiply|mul|truediv|divide)$/;

/**
 * How pictures go in where the network itself first brings them to the range that it was trained with: as pixels of 0…255; as
 * 0…1 before a `Normalization` whose statistics are of such values. Undefined where it does not.
 */
export function preprocessingOf(
  config: ModelConfig,
  weights: WeightTable,
  input: ModelInput | undefined,
): Preprocessing | undefined {
  const first = firstActive(config, []);
  if (!first || !isScaling(first.layer) || input?.layout === 'NF') return undefined;
  const grey = input?.shape[1] === 1;
  const channels = grey ? 1 : 3;
  const all = (value: number) => new Array<number>(channels).fill(value);
  const scale = isOfFractions(first, weights) ? 1 / 255 : 1;
  return { channels: grey ? 'grey' : 'RGB', scale, mean: all(0), std: all(1), resize: 'squash' };
}

/** The first layer that changes pixels; that of a model in the model, where that comes first. */
function firstActive({ layers }: ModelConfig, path: readonly string[]): Placed | undefined {
  for (const layer of layers) {
    const own = [...path, layer.name];
    if (!layer.model && !isPassive(layer)) return { layer, path: own };
    const inner = layer.model && firstActive(layer.model, own);
    if (inner) return inner;
  }
  return undefined;
}

function isScaling({ kind, settings, operands }: LayerConfig): boolean {
  if (kind === 'Rescaling' || kind === 'Normalization') return true;
  const called = kind === 'TFOpLambda' ? FUNCTION.test(String(settings.function)) : ARITHMETIC.test(kind);
  return called && operands?.[0]?.some((operand) => operand !== null) === true;
}

/** Whether a `Normalization` has seen values of 0…1: their means and variances are no larger. */
function isOfFractions({ layer, path }: Placed, weights: WeightTable): boolean {
  if (layer.kind !== 'Normalization') return false;
  const statistics = ['mean', 'variance'].flatMap((name) => {
    const given = layer.settings[name];
    if (given !== undefined && given !== null) return Array.isArray(given) ? (given.flat(4) as unknown[]) : [given];
    const stored = weights.find(path, name, ['mean', 'variance', 'count']);
    return stored ? numbers(stored.tensor()) : [];
  });
  return statistics.length > 0 && statistics.every((value) => typeof value === 'number' && Math.abs(value) <= 1);
}
