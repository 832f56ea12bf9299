import { cancelledError, LayerscopeError, usageError } from '../../core/errors.ts';
import { cacheFolder } from '../cache-folder.ts';
import { openSession } from '../../core/open.ts';
import type { Progress, RunRequest, RunResult } from '../../core/request.ts';
import { runMethod } from '../../core/run.ts';
import type { Session } from '../../core/session.ts';
import { describeMethod, findVisualizer } from '../../core/visualizers/index.ts';
import { parameterValues } from '../../core/visualizers/values.ts';
import { assignments, readArguments } from '../arguments.ts';
import { HELP } from '../help.ts';
import { ProgressReport } from '../progress.ts';
import { textTable } from '../text-table.ts';
import { compare } from '../compare.ts';
import { writeCancelled, writeResult } from '../write-result.ts';
import { methodText } from './methods.ts';

const OPTIONS = {
  model: { type: 'string' },
  with: { type: 'string' },
  layer: { type: 'string' },
  unit: { type: 'string' },
  target: { type: 'string' },
  against: { type: 'string' },
  image: { type: 'string', multiple: true },
  data: { type: 'string' },
  set: { type: 'string', multiple: true },
  engine: { type: 'string' },
  seed: { type: 'string' },
  raw: { type: 'boolean' },
  input: { type: 'string' },
  feed: { type: 'string', multiple: true },
  output: { type: 'string' },
  out: { type: 'string' },
  quiet: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** `layerscope run METHOD --model MODEL [options] --out DIR`. SIGINT cancels, and keeps what is finished. */
export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(args, OPTIONS, ['METHOD']);
  if (values.help) {
    process.stdout.write(
      positionals[0] === undefined ? HELP : methodText(describeMethod(findVisualizer(positionals[0]))),
    );
    return;
  }
  const request = readRequest(positionals[0]!, values);
  const out = values.out;
  if (out === undefined) throw usageError('Where to? Give --out DIR.');

  const cancel = new AbortController();
  const onInterrupt = () => {
    if (cancel.signal.aborted) process.exit(130);
    cancel.abort();
  };
  process.on('SIGINT', onInterrupt);
  let session: Session | undefined;
  let written = false;
  try {
    const options = { ...(values.engine !== undefined && { engine: values.engine }) };
    session = await openSession(request.model, options, { cacheFolder: cacheFolder() });
    if (request.with !== undefined) {
      const text = await compare(session, { ...request, with: request.with }, out, options, {
        raw: values.raw === true,
        follow: (steps) => follow(request.method, steps, values.quiet === true),
        signal: cancel.signal,
      });
      if (!values.quiet) process.stdout.write(text);
      return;
    }
    const steps = runMethod(session, request, cancel.signal);
    const finished = await follow(request.method, steps, values.quiet === true);
    const files = await writeResult(out, finished, values.raw === true);
    written = true;
    if (finished.provenance.partial) throw cancelledError();
    if (!values.quiet) process.stdout.write(summary(finished, out, files));
  } catch (error) {
    const cancelled = error instanceof LayerscopeError && error.kind === 'cancelled';
    if (cancelled && !written) await writeCancelled(out, request);
    throw error;
  } finally {
    process.off('SIGINT', onInterrupt);
    await session?.dispose();
  }
}

function readRequest(method: string, values: Values): RunRequest {
  const { params, needs } = findVisualizer(method);
  const set = assignments('--set', values.set);
  parameterValues(method, params, set);
  if (values.model === undefined) throw usageError('Which model? Give --model FILE.');
  if (values.data !== undefined) throw usageError(`${method} does not take --data.`);
  const [image, style, ...more] = values.image ?? [];
  const takesStyle = needs.includes('style') || needs.includes('style?');
  if (more.length > 0 || (style !== undefined && !takesStyle))
    throw usageError(`${method} takes ${takesStyle ? 'two' : 'one'} --image.`);
  if (values.seed !== undefined && !/^\d{1,15}$/.test(values.seed))
    throw usageError(`--seed '${values.seed}': give a whole number from 0.`);
  return {
    method,
    model: values.model,
    params: set,
    feeds: assignments('--feed', values.feed),
    ...(values.with !== undefined && { with: values.with }),
    ...(values.layer !== undefined && { layer: values.layer }),
    ...(values.unit !== undefined && { unit: values.unit }),
    ...(values.target !== undefined && { target: values.target }),
    ...(values.against !== undefined && { against: values.against }),
    ...(values.input !== undefined && { input: values.input }),
    ...(values.output !== undefined && { output: values.output }),
    ...(image !== undefined && { image: { path: image } }),
    ...(style !== undefined && { style: { path: style } }),
    ...(values.seed !== undefined && { seed: Number(values.seed) }),
  };
}

async function follow<T>(method: string, steps: AsyncGenerator<Progress, T>, quiet: boolean): Promise<T> {
  const report = new ProgressReport(method, quiet);
  try {
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
      report.update(step.value.done, step.value.total);
      // A signal is only heard between two turns of the event loop.
      await new Promise(setImmediate);
    }
  } finally {
    report.end();
  }
}

function summary({ result, provenance }: RunResult, out: string, files: readonly string[]): string {
  const table =
    result.kind === 'table'
      ? textTable(
          result.columns.map(({ name }) => name),
          result.rows.map((row) => row.map((value) => (isFraction(value) ? Number(value.toPrecision(4)) : value))),
        )
      : '';
  const notes = result.notes.map((note) => `${note}\n`).join('');
  return `${result.title} (${provenance.milliseconds} ms)\n${table}${notes}${out}: ${['result.json', ...shorten(files)].join(', ')}\n`;
}

const isFraction = (value: string | number): value is number => typeof value === 'number' && !Number.isInteger(value);

const shorten = (files: readonly string[]) =>
  files.length > 8 ? [...files.slice(0, 7), `… ${files.length - 7} more`] : files;
