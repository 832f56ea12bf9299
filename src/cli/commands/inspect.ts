import type { Description } from '../../core/description.ts';
import { showShape } from '../../core/graph/shapes.ts';
import { summarize } from '../../core/inspect.ts';
import { openSession } from '../../core/open.ts';
import type { LayerSummary, ModelSummary } from '../../core/summaries.ts';
import { short } from '../../core/short-number.ts';
import { readArguments } from '../arguments.ts';
import { optionsOf } from '../options.ts';
import { textTable } from '../text-table.ts';

const OPTIONS = optionsOf('json');

/** `layerscope inspect MODEL [--json]`. In JSON shapes are without the batch. */
export async function inspect(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(args, OPTIONS, ['MODEL']);
  const session = await openSession(positionals[0]!);
  const summary = summarize(session);
  process.stdout.write(values.json ? `${JSON.stringify(summary, undefined, 2)}\n` : asText(summary));
  await session.dispose();
}

function asText(model: ModelSummary): string {
  const inputs = model.inputs.map(({ name, shape, layout }) => `${name} N×${showShape(shape)} (${layout} in the file)`);
  const ends = [
    ['inputs', inputs.join(', ')],
    ['outputs', model.outputs.join(', ') + (model.classes === undefined ? '' : ` (${model.classes} classes)`)],
    ['prepared', preparation(model.description)],
  ];
  const facts = [
    ['format', model.formatTitle],
    ...(inputs.length > 0 ? ends : []),
    ['in total', `${short(model.parameters)} parameters, ${short(model.flops)} FLOPs an image`],
    ...model.warnings.map((warning) => ['warning', warning]),
  ];
  const head = ['layer', 'kind', 'shape', 'parameters', 'receptive field', 'FLOPs'];
  return `${model.file}\n${facts.map(([name, value]) => `  ${name!.padEnd(9)} ${value}\n`).join('')}\n${textTable(head, model.layers.map(row))}`;
}

/** `RGB, (pixel/255 − 0.485, 0.456, 0.406) / 0.229, 0.224, 0.225 (a guess)` */
function preparation({ input, source }: Description): string {
  const { channels, scale, mean, std, resize } = input;
  const several = (values: readonly number[]) => (new Set(values).size === 1 ? values.slice(0, 1) : values).join(', ');
  const scaled = scale < 1 ? `pixel/${Number((1 / scale).toPrecision(6))}` : scale > 1 ? `pixel·${scale}` : 'pixel';
  const shifted = mean.some((value) => value !== 0) ? `(${scaled} − ${several(mean)})` : scaled;
  const divided = std.some((value) => value !== 1) ? `${shifted} / ${several(std)}` : shifted;
  return `${channels}, ${divided}, ${resize === 'crop' ? 'cut' : 'squashed'} to size (${SAID_BY[source]})`;
}

const SAID_BY = { description: 'as its description says', model: 'as the file says', guess: 'a guess' } as const;

const row = ({ name, kind, shape, parameters, receptiveField, flops }: LayerSummary) => [
  name,
  kind,
  showShape(shape),
  parameters,
  receptiveField ? receptiveField.size.join('×') : '',
  short(flops),
];
