import { classOutput, classScores, findClass, labelOf, predicted, requireClasses } from './classes.ts';
import { cancelledError, LayerscopeError, usageError } from './errors.ts';
import { loadInput } from './inputs.ts';
import { checkRunnable, findLayer } from './layers.ts';
import type { Gate } from './gate.ts';
import type { Layer } from './model.ts';
import type { ImageSource, Progress, Provenance, RunRequest, RunResult } from './request.ts';
import { allFinite, whyNotFinite } from './not-finite.ts';
import type { Result } from './results.ts';
import type { Session } from './session.ts';
import { parseUnits } from './units.ts';
import { VERSION } from './version.ts';
import { findVisualizer } from './visualizers/index.ts';
import { kernelNode, kernelsOf } from './visualizers/kernels.ts';
import { parameterValues } from './visualizers/values.ts';
import type { Context, InputImage, Need, Unit, Visualizer } from './visualizers/visualizer.ts';

/**
 * Runs a method as its declaration says: checks everything before computing, yields progress, returns the result with what
 * is needed to make it again. Throws usage, file and engine errors. When cancelled, what is finished is returned as
 * partial; where nothing is, it throws a cancelled error. `known`: see `Context`.
 */
export async function* runMethod(
  session: Session,
  request: RunRequest,
  signal: AbortSignal,
  gate?: Gate,
  known?: Context['known'],
): AsyncGenerator<Progress, RunResult> {
  const started = performance.now();
  const visualizer = findVisualizer(request.method);
  const context = await prepare(session, visualizer, request, signal);
  let result: Result | undefined;
  let complete = false;
  try {
    for await (const update of visualizer.run({ ...context, gate, known } as Context)) {
      result = update.result ?? result;
      complete = update.done >= update.total;
      yield { done: update.done, total: update.total, ...(update.result && { partial: update.result }) };
    }
  } catch (error) {
    if (!(error instanceof LayerscopeError && error.kind === 'cancelled')) throw error;
  }
  if (!result && signal.aborted) throw cancelledError();
  const odd = result && allFinite(result) ? undefined : await whyNotFinite(session, context.image?.feeds);
  if (odd && !(result && visualizer.showsValues)) throw odd;
  if (!result) throw new Error(`${visualizer.id} ended without a result`);
  const milliseconds = Math.round(performance.now() - started);
  const provenance = provenanceOf(session, request, context, { milliseconds, partial: signal.aborted && !complete });
  const { notices = [] } = session.engine;
  const notes = [...result.notes, ...(odd ? [odd.message] : []), ...notices];
  return { result: { ...result, notes }, provenance };
}

type Prepared = Omit<Context, 'layer' | 'image' | 'style' | 'target'> & {
  readonly layer: Layer | undefined;
  readonly image: InputImage | undefined;
  readonly style: InputImage | undefined;
  readonly target: number | undefined;
};

async function prepare(
  session: Session,
  visualizer: Visualizer,
  request: RunRequest,
  signal: AbortSignal,
): Promise<Prepared> {
  const { id, needs } = visualizer;
  const params = parameterValues(id, visualizer.params, request.params);
  const layer = chooseLayer(session, visualizer, request);
  const units = chooseUnits(session, visualizer, request, layer);
  const seed = request.seed ?? 0;
  if (!Number.isSafeInteger(seed) || seed < 0) throw usageError(`--seed ${seed}: give a whole number from 0.`);
  const output = classOutput(session, request.output);
  for (const option of ['target', 'against'] as const) {
    if (request[option] === undefined) continue;
    if (!needs.includes('class')) throw unwanted(id, `--${option}`, needs);
    if (option === 'against' && !needs.includes('image'))
      throw usageError(
        `${id} does not take --against. A difference of two is climbed by --layer NAME --unit A,B --set combine=sum --set weights=1,-1.`,
      );
    if (units || (visualizer.wholeLayer && layer))
      throw usageError(`Explain what? Give --${option}, or --layer and --unit.`);
  }
  // A class is explained unless a unit is: then the model need not be a classifier.
  const explainsClass = needs.includes('class') && !units && !(visualizer.wholeLayer && layer);
  const count = explainsClass ? requireClasses(session, output) : 0;
  const { labels } = session.description;
  const classOf = (wanted: number | string | undefined) =>
    explainsClass && wanted !== undefined ? findClass(wanted, count, labels) : undefined;
  const chosen = classOf(request.target);
  const against = classOf(request.against);

  const image = await chooseImage(session, visualizer, request);
  const style = await chooseStyle(session, visualizer, request);
  const images = image?.tensor.shape[0] ?? 1;
  const targets =
    !explainsClass || !image
      ? []
      : chosen === undefined
        ? predicted(await classScores(session, image.feeds, output, signal))
        : Array<number>(images).fill(chosen);
  if (against !== undefined && targets.includes(against))
    throw usageError(`Why ${labelOf(labels, against)}, not ${labelOf(labels, against)}? Give --against another class.`);
  const target = targets[0] ?? chosen;
  return { session, layer, units, image, style, target, targets, against, output, params, seed, signal };
}

function chooseLayer(session: Session, { id, needs }: Visualizer, request: RunRequest): Layer | undefined {
  const required = needs.includes('layer');
  if (request.layer !== undefined) {
    if (!required && !needs.includes('layer?')) throw unwanted(id, '--layer', needs);
    return findLayer(session, request.layer);
  }
  if (!required) return undefined;
  const names = session.model.layers.slice(0, 6).map(({ name }) => name);
  throw usageError(`${id} needs a layer: give --layer NAME, as 'layerscope inspect' names it (${names.join(', ')} …).`);
}

function chooseUnits(
  session: Session,
  { id, needs, layerAlone, wholeLayer }: Visualizer,
  { unit }: RunRequest,
  layer: Layer | undefined,
): readonly Unit[] | undefined {
  const optionalLayer = needs.includes('layer?');
  if (unit === undefined) {
    if (layer && optionalLayer && needs.includes('class') && !layerAlone && !wholeLayer)
      throw usageError(`${id} explains one unit of layer '${layer.name}': give --unit C or C,Y,X too.`);
    return undefined;
  }
  if (!needs.includes('unit?')) throw unwanted(id, '--unit', needs);
  if (!layer) throw usageError('--unit names a unit of a layer: give --layer NAME too.');
  const known = session.shapes.get(layer.output);
  const shape = known ?? kernelShape(session, layer);
  if (!shape || known) checkRunnable(session, layer.output, `Layer '${layer.name}'`);
  return parseUnits(unit, shape!, layer.name);
}

/** What a layer behind an unknown operator would answer, as far as its kernel tells: its filters can be shown. */
const kernelShape = (session: Session, layer: Layer): readonly number[] | undefined =>
  kernelNode(session.model, layer) && [1, kernelsOf(session, layer).weights.shape[0]!];

async function chooseImage(session: Session, { id, needs }: Visualizer, request: RunRequest) {
  if (needs.includes('image')) {
    if (request.image) return loadInput(session, request.image, request);
    throw usageError(`${id} needs an image: give --image FILE (PNG, JPEG, or .npy with the exact input).`);
  }
  if (!request.image) return undefined;
  if (needs.includes('image?')) return loadInput(session, request.image, request);
  throw unwanted(id, '--image', needs);
}

async function chooseStyle(session: Session, { id, needs }: Visualizer, { style }: RunRequest) {
  const needed = needs.includes('style');
  if (!needed && !needs.includes('style?')) return undefined;
  if (style) return loadInput(session, style);
  if (!needed) return undefined;
  throw usageError(`${id} needs two images: give --image FILE for the content, then --image FILE for the style.`);
}

const unwanted = (id: string, option: string, needs: readonly Need[]) =>
  usageError(
    `${id} does not take ${option}. It works on: ${needs.map((need) => need.replace('?', ' (optional)')).join(', ')}.`,
  );

/** Of what computed. */
export const versionsOf = ({ id, version }: Session['engine']): Readonly<Record<string, string>> => ({
  layerscope: VERSION,
  [id]: version,
});

const sourceOf = (source: ImageSource | undefined, { name }: InputImage) =>
  source && 'path' in source ? source.path : name;

function provenanceOf(
  session: Session,
  request: RunRequest,
  { layer, units, image, style, target, against, params, seed }: Prepared,
  { milliseconds, partial }: { readonly milliseconds: number; readonly partial: boolean },
): Provenance {
  const { model, engine, description } = session;
  return {
    method: request.method,
    model: model.file,
    sha256: model.sha256,
    ...(layer && { layer: layer.name }),
    ...(units && request.unit !== undefined && { unit: request.unit }),
    ...(target !== undefined && { target, targetLabel: labelOf(description.labels, target) }),
    ...(against !== undefined && { against, againstLabel: labelOf(description.labels, against) }),
    ...(image && { image: sourceOf(request.image, image) }),
    ...(style && { style: sourceOf(request.style, style) }),
    ...(request.input !== undefined && { input: request.input }),
    ...(Object.keys(request.feeds ?? {}).length > 0 && { feeds: request.feeds }),
    ...(request.output !== undefined && { output: request.output }),
    params,
    seed,
    engine: engine.id,
    versions: versionsOf(engine),
    milliseconds,
    ...(partial && { partial }),
  };
}
