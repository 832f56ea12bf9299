import { firstLine } from '../errors.ts';
import type { Model } from '../model.ts';
import type { Engine, EngineId } from './engine.ts';
import type { Candidate } from './fallback.ts';
import { agree, forwardTrial, measure, smallTrial, type Trial } from './measure.ts';
import type { EngineMemory } from './memory.ts';

interface Fastest {
  readonly first: EngineId;
  readonly notices: readonly string[];
}

export const otherResults = (id: EngineId): string => `${id} gives other results than onnxruntime for this model`;

/**
 * Measures a model's forward pass once on each engine, and remembers the fastest of those that compute what the reference
 * computes. The reference where nothing can be measured.
 */
export async function fastest(
  reference: Candidate,
  rivals: readonly Candidate[],
  model: Model,
  memory: EngineMemory,
): Promise<Fastest> {
  const remembered = await memory.fastest(model.sha256);
  const known = [reference, ...rivals].find(({ id }) => id === remembered);
  if (known) return { first: known.id, notices: [] };
  const usual = { first: reference.id, notices: [] };
  const dropped = await Promise.all(rivals.map(({ id }) => memory.dropped(id)));
  const tried = rivals.filter((_, i) => dropped[i] === undefined);
  const trial = tried.length > 0 ? forwardTrial(model) : undefined;
  if (!trial) return usual;
  try {
    const engine = await reference.load();
    let best = { id: reference.id, milliseconds: (await measure(engine, trial)).milliseconds };
    const notices: string[] = [];
    for (const rival of tried) {
      const told = await compared(rival, engine, trial, memory);
      if (typeof told === 'string') notices.push(told);
      else if (told !== undefined && told < best.milliseconds) best = { id: rival.id, milliseconds: told };
    }
    await memory.setFastest(model.sha256, best.id);
    return { first: best.id, notices };
  } catch {
    return usual; // the reference itself fails, and then the next one takes over
  }
}

/**
 * Milliseconds that a trial takes on an engine; a notice where its results are wrong; undefined where it is not there, or slow
 * with a single convolution. Then it is not tried again on this machine, nor where trying it ended the process: that it is
 * being tried is written down first.
 */
async function compared(
  { id, load }: Candidate,
  reference: Engine,
  trial: Trial,
  memory: EngineMemory,
): Promise<number | string | undefined> {
  await memory.setDropped(id, 'ended the process');
  let why: string | undefined;
  let notice: string | undefined;
  let milliseconds: number | undefined;
  try {
    const engine = await load();
    for (const part of [smallTrial(), trial]) {
      const expected = await measure(reference, part);
      const found = await measure(engine, part);
      if (!agree(found, expected)) why = notice = `${otherResults(id)}: it is not used.`;
      else if (part !== trial && found.milliseconds > expected.milliseconds) why = 'slower';
      if (why !== undefined) break;
      milliseconds = found.milliseconds;
    }
  } catch (error) {
    why = firstLine(error);
  }
  await memory.setDropped(id, why);
  return why === undefined ? milliseconds : notice;
}
