import { usageError } from '../errors.ts';
import { checkRunnable, findLayer } from '../layers.ts';
import type { Layer } from '../model.ts';
import type { Session } from '../session.ts';
import { stages } from './stages.ts';

export interface StyleLayers {
  readonly content: Layer;
  readonly style: readonly Layer[];
}

/** Layers that tell the style where none are named. */
const USUAL = 5;

/**
 * The layer that tells the content, by default the one nearest to three quarters of the depth, and those that tell the style, by
 * default five up to there. Throws a usage error where one has no maps, or can't be run.
 *
 * @param names  of the style's layers; none: the default
 */
export function styleLayers(session: Session, layer: Layer | undefined, names: readonly string[]): StyleLayers {
  const all = stages(session, Infinity).filter(({ kind }) => !/pool/i.test(kind));
  const content = layer ?? all[Math.round(0.75 * (all.length - 1))];
  if (!content || all.length + names.length === 0)
    throw usageError('The network has no layer with maps, which style is told by.');
  checkRunnable(session, content.output, `Layer '${content.name}'`);
  if (names.length > 0) return { content, style: names.map((name) => withMaps(session, findLayer(session, name))) };
  const until = Math.max(
    0,
    all.findLastIndex(({ output }) => output === content.output),
  );
  const count = Math.min(USUAL, until + 1);
  const at = (i: number) => (count === 1 ? until : Math.round((i * until) / (count - 1)));
  return { content, style: Array.from({ length: count }, (_, i) => all[at(i)]!) };
}

function withMaps(session: Session, layer: Layer): Layer {
  checkRunnable(session, layer.output, `Layer '${layer.name}'`);
  if (session.shapes.get(layer.output)!.length === 4) return layer;
  throw usageError(
    `Layer '${layer.name}' has no maps, which style is told by: name convolutions or what follows them.`,
  );
}
