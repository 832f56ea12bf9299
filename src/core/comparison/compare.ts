import { usageError } from '../errors.ts';
import { findLayer } from '../layers.ts';
import type { Progress, RunRequest, RunResult } from '../request.ts';
import type { MosaicResult } from '../results.ts';
import { runMethod } from '../run.ts';
import type { Session } from '../session.ts';
import { kernelNode } from '../visualizers/kernels.ts';
import { COMPARED_METHODS, differenceOf } from './difference.ts';
import { distinctNames } from './names.ts';
import { matchLayers, type Match, type Matchable } from './match.ts';

/** The same view of two models. */
export interface ModelComparison {
  readonly a: RunResult;
  readonly b: RunResult;
  /** b − a; its arrays as `differenceOf` says. */
  readonly difference?: MosaicResult;
  /** The layer of `b`, and how it was found. */
  readonly match: Match;
  readonly notes: readonly string[];
}

/**
 * What is compared unless something else is asked for: all input channels, as the strongest may differ between two models; after
 * the activation function, which belongs to the layer in one format and is a layer of its own in another.
 */
const LIKE_WITH_LIKE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  filters: { inputs: '4096' },
  activations: { stage: 'after' },
};

/**
 * Runs a method on a layer of one model and on its counterpart in another, and takes their difference. `request` is that of the
 * first model. Throws a usage error for a method that has no comparison, and for a layer without a counterpart.
 */
export async function* compareModels(
  a: Session,
  b: Session,
  request: RunRequest,
  signal: AbortSignal,
): AsyncGenerator<Progress, ModelComparison> {
  const { method } = request;
  if (!COMPARED_METHODS.includes(method))
    throw usageError(`${method} can't be compared. What can: ${COMPARED_METHODS.join(', ')}.`);
  if (request.layer === undefined) throw usageError(`Which layer is compared? Give --layer NAME.`);
  const layer = findLayer(a, request.layer);
  const match = counterparts(a, b).get(layer.name);
  if (!match)
    throw usageError(
      `'${layer.name}' has no counterpart in ${b.model.file}: no layer there has its name, its shape or its place.`,
    );
  const asked = { ...request, params: { ...LIKE_WITH_LIKE[method], ...request.params } };
  const first = yield* half(runMethod(a, asked, signal), 0);
  const second = yield* half(runMethod(b, { ...asked, model: b.model.file, layer: match.name }, signal), 1);
  const [one, other] = distinctNames(a.model.file, b.model.file);
  const title = `What ${match.name} of ${other} has more than ${one}`;
  const { result: difference, why } = differenceOf(method, first.result, second.result, title);
  const notes = [
    ...(match.by === 'order' ? [`${layer.name} is compared with ${match.name}, by its place and shape.`] : []),
    ...(match.by === 'place' ? [`${layer.name} is compared with ${match.name}, by its place alone.`] : []),
    ...(why === undefined ? [] : [why]),
    ...(method === 'activations' ? preparationNotes(a, b) : []),
  ];
  return { a: first, b: second, ...(difference && { difference }), match, notes };
}

/** That the two see different images, though it is the same file: then so do their layers. */
function preparationNotes(a: Session, b: Session): string[] {
  if (JSON.stringify(a.description.input) === JSON.stringify(b.description.input)) return [];
  const guessed = [a, b].some(({ description }) => description.source === 'guess');
  return [
    `The two prepare images differently${guessed ? ', and one way or both are guessed' : ''}: what is right stands in each model's .layerscope.json (change, in its panel).`,
  ];
}

/** By layer of `a`: the layer of `b` that it is compared with. */
const counterparts = (a: Session, b: Session): Map<string, Match> => matchLayers(layersOf(a), layersOf(b));

const layersOf = ({ model, shapes }: Session): Matchable[] =>
  model.layers.map((layer) => ({
    name: layer.name,
    kind: layer.kind,
    shape: shapes.get(layer.output)?.slice(1),
    hasFilters: kernelNode(model, layer) !== undefined,
  }));

/** The first or the second half of the whole. */
async function* half<T>(run: AsyncGenerator<Progress, T>, at: 0 | 1): AsyncGenerator<Progress, T> {
  for (;;) {
    const step = await run.next();
    if (step.done) return step.value;
    const { done, total } = step.value;
    yield { done: done + at * total, total: 2 * total };
  }
}
