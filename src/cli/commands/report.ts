import { writeFile } from 'node:fs/promises';
import { cancelledError, LayerscopeError, usageError } from '../../core/errors.ts';
import { openSession } from '../../core/open.ts';
import { makeReport, type ReportRequest } from '../../core/report/index.ts';
import type { Session } from '../../core/session.ts';
import { readArguments } from '../arguments.ts';
import { cacheFolder } from '../cache-folder.ts';
import { HELP } from '../help.ts';
import { ProgressReport } from '../progress.ts';

const OPTIONS = {
  model: { type: 'string' },
  image: { type: 'string' },
  target: { type: 'string' },
  against: { type: 'string' },
  layer: { type: 'string' },
  unit: { type: 'string' },
  methods: { type: 'string' },
  trust: { type: 'string' },
  engine: { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
  quiet: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** `layerscope report --model MODEL --image FILE --out FILE.html [options]`. SIGINT cancels, and keeps what is finished. */
export async function report(args: readonly string[]): Promise<void> {
  const { values } = readArguments(args, OPTIONS);
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const request = readRequest(values);
  const { out } = values;
  if (out === undefined || !/\.html?$/i.test(out)) throw usageError('Where to? Give --out FILE.html.');
  const cancel = new AbortController();
  const onInterrupt = () => {
    if (cancel.signal.aborted) process.exit(130);
    cancel.abort();
  };
  process.on('SIGINT', onInterrupt);
  const progress = new ProgressReport('report', values.quiet === true);
  let session: Session | undefined;
  try {
    const options = { ...(values.engine !== undefined && { engine: values.engine }) };
    session = await openSession(request.model, options, { cacheFolder: cacheFolder() });
    const steps = makeReport(session, request, cancel.signal);
    let step = await steps.next();
    for (; !step.done; step = await steps.next()) {
      progress.update(Math.floor(step.value.done), step.value.total);
      await new Promise(setImmediate); // a signal is only heard between two turns of the event loop
    }
    progress.end();
    await save(out, step.value.html);
    if (step.value.findings.partial) throw cancelledError();
    if (!values.quiet) process.stdout.write(`${out}: ${step.value.findings.maps.length} maps\n`);
  } finally {
    progress.end();
    process.off('SIGINT', onInterrupt);
    await session?.dispose();
  }
}

function readRequest({
  model,
  image,
  methods,
  trust,
  target,
  against,
  layer,
  unit,
  seed,
  engine,
}: Values): ReportRequest {
  if (model === undefined) throw usageError('Which model? Give --model FILE.');
  if (image === undefined) throw usageError('Which image? Give --image FILE.');
  return {
    model,
    image: { path: image },
    ...(engine !== undefined && { options: { engine } }),
    ...(methods !== undefined && { methods: methods.split(',').map((id) => id.trim()) }),
    ...(trust !== undefined && { metrics: trust === 'none' ? '' : trust }),
    ...(target !== undefined && { target }),
    ...(against !== undefined && { against }),
    ...(layer !== undefined && { layer }),
    ...(unit !== undefined && { unit }),
    ...(seed !== undefined && { seed: Number(seed) }),
  };
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new LayerscopeError('file', `${file}: it can't be written: ${(error as Error).message}`, { cause: error });
  }
}
