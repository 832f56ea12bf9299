import { usageError } from '../../core/errors.ts';
import { makeReport, type ReportRequest } from '../../core/report/index.ts';
import { readArguments } from '../arguments.ts';
import { optionsOf } from '../options.ts';
import { writeHtmlFile } from '../html-file.ts';

const OPTIONS = optionsOf(
  'model',
  'image',
  'target',
  'against',
  'layer',
  'unit',
  'methods',
  'trust',
  'engine',
  'seed',
  'out',
);

type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** `layerscope report --model MODEL --image FILE --out FILE.html [options]`. SIGINT cancels, and keeps what is finished. */
export async function report(args: readonly string[]): Promise<void> {
  const { values } = readArguments(args, OPTIONS);
  const request = readRequest(values);
  const { out, engine, quiet } = values;
  await writeHtmlFile({ name: 'report', model: request.model, out, engine, quiet }, async function* (session, signal) {
    const { html, findings } = yield* makeReport(session, request, signal);
    return { html, partial: findings.partial, content: `${findings.maps.length} maps` };
  });
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
