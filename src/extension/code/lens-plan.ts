import type { LayerSummary } from '../../protocol/worker.ts';
import type { CodeLayer } from './code-layer.ts';
import { findLayer } from './find-layer.ts';
import { numberedAsIn } from './numbering.ts';

/** Layers whose kernels can be shown, where the model has not been opened yet. */
const WITH_FILTERS =
  /^(Depthwise|Separable)?Conv(Transpose)?[123]d|^(Dense|Linear|Convolution|Deconvolution|InnerProduct)$/i;

/** More definitions than this on one line are a file that nobody reads by lines. */
const MOST_ON_LINE = 4;

export interface LayerLens {
  readonly layer: CodeLayer;
  /** Methods' ids: what it offers beside the layer itself. */
  readonly tabs: readonly ('filters' | 'activations')[];
}

/**
 * Which definitions get lenses, one a line: those of layers that the model has; all of them while it is not known, and
 * where it can't be opened (then without tabs, as a click can only say why).
 */
export function lensPlan(
  layers: readonly CodeLayer[],
  lineOf: (offset: number) => number,
  model: readonly LayerSummary[] | 'unknown' | 'unreadable',
): LayerLens[] {
  const lines = new Map<number, CodeLayer[]>();
  for (const layer of typeof model === 'string' ? layers : numberedAsIn(model, layers)) {
    if (!layer.definition) continue;
    const line = lineOf(layer.definition.from);
    lines.set(line, [...(lines.get(line) ?? []), layer]);
  }
  return [...lines.values()].flatMap((onLine) => {
    if (onLine.length > MOST_ON_LINE) return [];
    const lenses = onLine.flatMap((layer) => lensOf(layer, model));
    const best = lenses.find(({ tabs }) => tabs.includes('filters')) ?? lenses[0];
    return best ? [best] : [];
  });
}

function lensOf(layer: CodeLayer, model: Parameters<typeof lensPlan>[2]): LayerLens[] {
  if (model === 'unreadable') return [{ layer, tabs: [] }];
  if (model === 'unknown')
    return [{ layer, tabs: WITH_FILTERS.test(layer.kind) ? ['filters', 'activations'] : ['activations'] }];
  const found = findLayer(model, layer.names);
  if (!found) return [];
  return [
    {
      layer,
      tabs: [...(found.hasFilters ? ['filters' as const] : []), ...(found.runnable ? ['activations' as const] : [])],
    },
  ];
}
