import type { ModelSummary } from '../../protocol/worker.ts';
import { plural } from './format.ts';

type Noted = Pick<ModelSummary, 'warnings' | 'missing' | 'unknown' | 'inputs'>;

/**
 * What a user should know of a model beside what its pictures show, a line each, the gravest first: operators that are not
 * known (a line for each kind of them), inputs that the panel can't feed, then what the file's reader and the engines say.
 */
export function notesOf(model: Noted): string[] {
  const said = model.warnings.filter(
    (note) => !isMissing(note, model) && !model.unknown.some(({ op }) => note.startsWith(`The operator ${op} of `)),
  );
  const input = model.missing === undefined ? inputObstacle(model) : undefined;
  return [...new Set([...unknownNotes(model), ...(input === undefined ? [] : [input]), ...said])];
}

/** Why no image can be given here, in a sentence; undefined where one can. */
export function inputObstacle({ inputs }: Pick<ModelSummary, 'inputs'>): string | undefined {
  const [first, ...others] = inputs;
  const names = inputs.map(({ name }) => `‘${name}’`).join(', ');
  const way = 'Filters are shown; in a terminal, layerscope run takes arrays.';
  if (others.length > 0)
    return `The network has ${plural(inputs.length, 'input')} (${names}), so no image alone runs it. ${way}`;
  const channels = first?.shape.length === 3 ? first.shape[0] : undefined;
  if (!first || channels === 1 || channels === 3) return undefined;
  return `The network’s input ${names} is ${first.shape.join(' × ')}, which is no picture. ${way}`;
}

/** The banner says it. */
const isMissing = (note: string, { missing }: Noted): boolean =>
  missing !== undefined && note.slice(1) === missing.slice(1);

function unknownNotes({ unknown }: Noted): string[] {
  const nodes = new Map<string, string[]>();
  for (const { op, node } of unknown) nodes.set(op, [...(nodes.get(op) ?? []), node]);
  return [...nodes].map(([op, [first, ...more]]) => {
    const where = more.length > 0 ? `${plural(more.length + 1, 'node')}, the first ‘${first!}’` : `node ‘${first!}’`;
    return `The operator ${op} (${where}) is not known: what depends on it can’t be run; its structure and filters are shown.`;
  });
}
