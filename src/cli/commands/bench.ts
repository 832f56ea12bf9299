import { fileURLToPath } from 'node:url';
import { readArguments } from '../arguments.ts';
import { optionsOf } from '../options.ts';
import { measure, type Measurement } from '../bench.ts';
import { textTable } from '../text-table.ts';

const OPTIONS = optionsOf('model', 'layer', 'engine', 'json');

/** Beside the built command line, `dist/cli.cjs`. */
const SAMPLE = '../media/samples/digits.onnx';

/** `layerscope bench [--model MODEL] [--layer NAME] [--json]`: times of a model, else of the sample, on this machine. */
export async function bench(args: readonly string[]): Promise<void> {
  const { values } = readArguments(args, OPTIONS);
  const model = values.model ?? fileURLToPath(new URL(SAMPLE, import.meta.url));
  const measured: Measurement[] = [];
  for await (const measurement of measure(model, values.layer, values.engine)) {
    measured.push(measurement);
    if (!values.quiet && process.stderr.isTTY) process.stderr.write(`\r\x1b[K${measurement.name}`);
  }
  if (!values.quiet && process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (values.json) process.stdout.write(`${JSON.stringify(measured, undefined, 2)}\n`);
  else process.stdout.write(textTable(['what', 'least', 'median', 'runs'], measured.map(row)));
}

const row = ({ name, unit, min, median, runs }: Measurement) => [name, show(min, unit), show(median, unit), runs];

const show = (value: number, unit: 's' | 'MB') =>
  unit === 'MB' ? `${value.toFixed(0)} MB` : value < 1 ? `${(value * 1000).toFixed(1)} ms` : `${value.toFixed(2)} s`;
