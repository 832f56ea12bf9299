import type { OpenOptions, RunRequest } from './request.ts';

/** As a POSIX shell reads it: unchanged where no character is special there, else in single quotes. */
export const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** `layerscope run …` that makes the same result in a terminal. An image that is no file stands there by its name. */
export function commandLine(request: RunRequest, options: OpenOptions = {}): string {
  const { method, model, layer, unit, target, against, image, style, input, output, seed } = request;
  const words = ['npx', 'layerscope', 'run', method];
  const option = (name: string, value: string | number | undefined) => {
    if (value !== undefined) words.push(`--${name}`, String(value));
  };
  option('model', model);
  option('layer', layer);
  option('unit', unit);
  option('target', target);
  option('against', against);
  for (const one of [image, style]) option('image', one && ('path' in one ? one.path : one.name));
  option('input', input);
  option('output', output);
  for (const [name, file] of Object.entries(request.feeds ?? {})) option('feed', `${name}=${file}`);
  for (const [name, value] of Object.entries(request.params ?? {})) option('set', `${name}=${String(value)}`);
  option('engine', options.engine === 'auto' ? undefined : options.engine);
  option('seed', seed);
  option('out', 'layerscope-out');
  return words.map(quote).join(' ');
}
