import { encodeNpy } from '../core/arrays/npy.ts';
import { compareModels, type ModelComparison } from '../core/comparison/compare.ts';
import { encodePng } from '../core/images/png.ts';
import { renderResult } from '../core/images/render.ts';
import { openSession } from '../core/open.ts';
import type { OpenOptions, Progress, RunRequest } from '../core/request.ts';
import type { Tensor } from '../core/graph/tensor.ts';
import type { Session } from '../core/session.ts';
import { cacheFolder } from './cache-folder.ts';
import { describe, writeFiles } from './write-result.ts';

interface How {
  readonly raw: boolean;
  readonly signal: AbortSignal;
  follow<T>(steps: AsyncGenerator<Progress, T>): Promise<T>;
}

/**
 * Compares a view of two models and writes both and their difference: `a.png`, `b.png`, `difference.png`, with `raw` the arrays
 * `a.npy`, `b.npy`, `difference.npy`, and `result.json`. Returns what is told the user.
 */
export async function compare(
  session: Session,
  request: RunRequest & { readonly with: string },
  out: string,
  options: OpenOptions,
  { raw, signal, follow }: How,
): Promise<string> {
  const other = await openSession(request.with, options, { cacheFolder: cacheFolder() });
  try {
    const found = await follow(compareModels(session, other, request, signal));
    const files = filesOf(found, raw);
    await writeFiles(out, files, describeComparison(found, [...files.keys()]));
    const { title, notes } = found.difference ?? found.a.result;
    const said = (name: string) => Number(found.difference?.metrics[name]).toPrecision(4);
    return [
      title,
      ...(found.difference ? [`‖b − a‖ ${said('norm')}, ${said('relative')} of ‖a‖`] : []),
      ...notes,
      ...found.notes,
      `${out}: ${['result.json', ...files.keys()].join(', ')}`,
    ]
      .map((line) => `${line}\n`)
      .join('');
  } finally {
    await other.dispose();
  }
}

function filesOf({ a, b, difference }: ModelComparison, raw: boolean): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const results = { a: a.result, b: b.result, ...(difference && { difference }) };
  for (const [name, result] of Object.entries(results)) {
    const picture = renderResult(result, name === 'difference' ? { scale: 'shared' } : {});
    if (picture) files.set(`${name}.png`, encodePng(picture));
  }
  if (raw)
    for (const [name, { arrays }] of Object.entries(results))
      files.set(`${name}.npy`, encodeNpy(Object.values(arrays)[0] as Tensor));
  return files;
}

/** At the top what any `result.json` says, of the first model, and what is said of both; `a` and `b` have each one's own. */
function describeComparison(found: ModelComparison, files: readonly string[]): Record<string, unknown> {
  const { a, b, difference, match, notes } = found;
  const [first, second] = [describe(a), describe(b)];
  return {
    ...first,
    title: difference?.title ?? a.result.title,
    kind: 'comparison',
    with: b.provenance.model,
    withSha256: b.provenance.sha256,
    withLayer: match.name,
    matched: match.by,
    versions: { ...b.provenance.versions, ...a.provenance.versions },
    milliseconds: a.provenance.milliseconds + b.provenance.milliseconds,
    metrics: difference?.metrics ?? {},
    notes: [...(difference?.notes ?? []), ...notes],
    a: first,
    b: second,
    files,
  };
}
