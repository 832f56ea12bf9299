import type { MethodSummary } from '../../core/summaries.ts';
import { describeMethod, VISUALIZERS } from '../../core/visualizers/index.ts';
import { showParameter } from '../../core/visualizers/values.ts';
import { readArguments } from '../arguments.ts';
import { optionsOf } from '../options.ts';

const OPTIONS = optionsOf('json');

/** `layerscope methods [--json]`: each method with its needs, parameters and source. */
export async function methods(args: readonly string[]): Promise<void> {
  const { values } = readArguments(args, OPTIONS);
  const all = VISUALIZERS.map(describeMethod);
  if (values.json) {
    const plain = all.map(({ params, ...method }) => ({ ...method, parameters: params }));
    process.stdout.write(`${JSON.stringify(plain, undefined, 2)}\n`);
  } else process.stdout.write(all.map(methodText).join('\n'));
}

/** A method for a person: what it does, what it works on, its parameters with what they allow. */
export function methodText({ id, title, description, source, needs, params, presets }: MethodSummary): string {
  const parameters = Object.entries(params).map(
    ([name, parameter]) =>
      `    ${showParameter(name, parameter)}, default ${String(parameter.default)}\n      ${parameter.help}\n`,
  );
  const named = presets.map(
    ({ name, params: values }) =>
      `    ${name}: ${Object.entries(values)
        .map(([parameter, value]) => `${parameter}=${String(value)}`)
        .join(' ')}\n`,
  );
  const works = needs.map((need) => need.replace('?', ' (optional)')).join(', ');
  return `${id}: ${title}\n  ${description}\n  Works on: ${works}\n${parameters.length ? '  Parameters:\n' : ''}${parameters.join('')}${named.length ? '  Presets:\n' : ''}${named.join('')}  Source: ${source}\n`;
}
