import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layerscope, temporaryFolder } from './cli.ts';

process.env['XDG_CACHE_HOME'] = temporaryFolder(); // what is kept is kept apart from the user's

const MODEL = 'media/samples/digits.onnx';

describe('gallery', () => {
  const gallery = (out: string, ...options: string[]) =>
    layerscope('gallery', '--model', MODEL, '--layer', 'conv1', '--out', out, ...options);

  it('writes one HTML file with every channel, the same again from what is kept', async () => {
    const files = [0, 1].map((n) => join(temporaryFolder(), `conv1-${n}.html`));
    for (const file of files) {
      const { status, stdout } = await gallery(file);
      expect(status).toBe(0);
      expect(stdout).toMatch(/: 16 pictures, \d\d kB\n$/);
    }
    const [page, again] = files.map((file) => readFileSync(file, 'utf8'));
    expect(page!.match(/<img src="data:image\/png;base64,/g)).toHaveLength(16);
    expect(page).not.toMatch(/<script|https?:/);
    expect(again).toBe(page);
  });

  it.each([
    ['no model', ['--model', '/no/such.onnx'], 3, /no\/such\.onnx/],
    ['an unknown layer', ['--layer', 'conv9'], 2, /conv9/],
    ['a file of another kind', ['--out', 'x.pdf'], 2, /--out FILE\.html/],
  ])('ends with one line for %s', async (_, options, status, message) => {
    const finished = await gallery(join(temporaryFolder(), 'x.html'), ...options);
    expect(finished.status).toBe(status);
    expect(finished.stderr).toMatch(message);
    expect(finished.stderr.trim()).not.toContain('\n');
  });
});
