import { checkCancelled, LayerscopeError, usageError } from '../errors.ts';
import { coarsePlaces } from '../localisation/coarse.ts';
import { nearest, quoted } from '../nearest.ts';
import type { Progress, RunRequest, RunResult } from '../request.ts';
import type { HeatmapResult } from '../results.ts';
import { runMethod } from '../run.ts';
import type { Session } from '../session.ts';
import { ATTRIBUTIONS } from '../visualizers/attributions.ts';
import { findIn } from '../visualizers/find.ts';
import { localisation as localisationMethod } from '../visualizers/localisation.ts';
import { trust as trustMethod } from '../visualizers/trust.ts';
import { parameterValues } from '../visualizers/values.ts';

/** A report on one image: what `run` takes, but for the methods. */
export interface ReportRequest extends Omit<RunRequest, 'method' | 'params' | 'with'> {
  /** Attribution methods by id; default all. */
  readonly methods?: readonly string[];
  /** Of `trust`, as `deletion,insertion`; none with ''. Default all. */
  readonly metrics?: string;
}

/** One run of a report, with the request that makes it again. */
export interface Entry extends RunResult {
  readonly request: RunRequest;
}

/** All that a report shows. */
export interface Findings {
  readonly predictions?: Entry;
  readonly maps: readonly Entry[];
  readonly trust: readonly Entry[];
  readonly localisation?: Entry;
  /** Methods that can't answer here, and why. */
  readonly failed: readonly { readonly method: string; readonly why: string }[];
  /** Whether it was cancelled, and shows what was finished. */
  readonly partial: boolean;
}

const FOREGROUND = Number(localisationMethod.params['foreground']!.default);
/** Fewer than `trust` takes by itself: a report measures every map. */
const TRUST = { steps: 30, stops: 2, samples: 2, squares: 100 };
/** Grad-CAM says best where the object is, if its maps have places enough. */
const placesWell = ({ request: { method }, result }: Entry): boolean =>
  method === 'grad-cam' && !coarsePlaces(method, result as HeatmapResult, FOREGROUND);

/**
 * Runs everything that a report shows, method by method; what can't answer (CAM on another head) is listed with its reason. When
 * cancelled, returns what is finished. Throws usage errors for a method or a class that there is not.
 */
export async function* collect(
  session: Session,
  request: ReportRequest,
  signal: AbortSignal,
): AsyncGenerator<Progress, Findings> {
  const { methods, metrics, ...base } = request;
  const ids = methods ?? ATTRIBUTIONS.map(({ id }) => id);
  for (const id of ids) checkMethod(id);
  if (metrics) parameterValues(trustMethod.id, trustMethod.params, { metrics });
  const maps: Entry[] = [];
  const trust: Entry[] = [];
  /** So that no map is computed twice. */
  const known = new Map<string, HeatmapResult>();
  const failed: { method: string; why: string }[] = [];
  const tests = metrics === '' ? 0 : 1;
  const total = 2 + ids.length * (1 + tests);
  let done = 0;
  let predictions: Entry | undefined;
  let localisation: Entry | undefined;

  /** One run; undefined where the method can't answer. */
  async function* attempt(asked: RunRequest, doing: string): AsyncGenerator<Progress, Entry | undefined> {
    yield { done, total, doing };
    try {
      const steps = runMethod(session, asked, signal, undefined, known);
      for (;;) {
        const step = await steps.next();
        if (step.done) return { ...step.value, request: asked };
        yield { done: Math.min(total - 0.01, done + (step.value.done / step.value.total) * 0.99), total, doing };
      }
    } catch (error) {
      if (!(error instanceof LayerscopeError) || error.kind !== 'usage') throw error;
      if (!failed.some(({ method }) => method === asked.method))
        failed.push({ method: asked.method, why: error.message });
      return undefined;
    } finally {
      done++;
    }
  }

  try {
    predictions = yield* attempt({ ...pictureRequest(base), method: 'predictions' }, 'Predictions');
    for (const method of ids) {
      const entry = yield* attempt({ ...base, method }, titleOf(method));
      checkCancelled(signal);
      if (!entry) continue;
      maps.push(entry);
      if (entry.result.kind === 'heatmap') known.set(method, entry.result);
    }
    const made = maps.map(({ request: { method } }) => method);
    const from = maps.find(placesWell)?.request.method ?? (made.includes('saliency') ? 'saliency' : made[0]);
    if (from !== undefined)
      localisation = yield* attempt({ ...base, method: 'localisation', params: { from } }, 'Localisation');
    for (const method of tests ? made : []) {
      const reference = method === made[0]; // it is the same beside every map
      const params = { of: method, ...TRUST, reference, ...(metrics !== undefined && { metrics }) };
      const entry = yield* attempt({ ...base, method: 'trust', params }, `Trust of ${titleOf(method)}`);
      if (entry) trust.push(entry);
      checkCancelled(signal);
    }
  } catch (error) {
    if (!(error instanceof LayerscopeError && error.kind === 'cancelled') || maps.length === 0) throw error;
  }
  if (maps.length === 0 && failed.length > 0) throw usageError(failed[0]!.why);
  return {
    ...(predictions && { predictions }),
    maps,
    trust,
    ...(localisation && { localisation }),
    failed,
    partial: signal.aborted,
  };
}

const titleOf = (method: string): string => findIn(ATTRIBUTIONS, method).title;

function checkMethod(id: string): void {
  const ids = ATTRIBUTIONS.map((method) => method.id);
  if (!ids.includes(id)) throw usageError(`A report has no method '${id}'. The nearest: ${quoted(nearest(id, ids))}.`);
}

/** What a run needs that asks about the picture alone. */
const pictureRequest = ({
  model,
  options,
  image,
  input,
  feeds,
  output,
  seed,
}: ReportRequest): Omit<RunRequest, 'method'> => ({
  model,
  ...(options && { options }),
  ...(image && { image }),
  ...(input !== undefined && { input }),
  ...(feeds && { feeds }),
  ...(output !== undefined && { output }),
  ...(seed !== undefined && { seed }),
});
