import { cancelledError, LayerscopeError, usageError } from '../../core/errors.ts';
import type { Progress, RunRequest, RunResult } from '../../core/request.ts';
import { runMethod } from '../../core/run.ts';
import { describeMethod, findVisualizer } from '../../core/visualizers/index.ts';
import { parameterValues } from '../../core/visualizers/values.ts';
import { assignments, readArguments } from '../arguments.ts';
import { HELP } from '../help.ts';
import { optionsOf } from '../options.ts';
import { follow } from '../progress.ts';
import { textTable } from '../text-table.ts';
import { compare } from '../compare.ts';
import { withSession } from '../with-session.ts';
import { writeCancelled, writeResult } from '../write-result.ts';
import { methodText } from './methods.ts';

const OPTIONS = {
  ...optionsOf(
    'model',
    'with',
    'layer',
    'unit',
    'target',
    'against',
    'data',
    'input',
    'output',
    'engine',
    'seed',
    'raw',
    'out',
  ),
  image: { type: 'string', multiple: true },
  set: { type: 'string', multiple: true },
  feed: { type: 'string', multiple: true },
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

  const options = { engine: values.engine };
  await withSession(request.model, options, async (session, signal) => {
    const followed = <T>(steps: AsyncGenerator<Progress, T>) => follow(request.method, steps, values.quiet);
    const keep = async (error: unknown): Promise<never> => {
      if (error instanceof LayerscopeError && error.kind === 'cancelled') await writeCancelled(out, session, request);
      throw error;
    };
    const raw = values.raw === true;
    let said: string;
    if (request.with !== undefined) {
      const pair = { ...request, with: request.with };
      said = await compare(session, pair, out, options, { raw, follow: followed, signal }).catch(keep);
    } else {
      const finished = await followed(runMethod(session, request, signal)).catch(keep);
      const files = await writeResult(out, finished, raw);
      if (finished.provenance.partial) throw cancelledError();
      said = summary(finished, out, files);
    }
    if (!values.quiet) process.stdout.write(said);
  });
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
