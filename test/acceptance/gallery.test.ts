import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finish, layerscope, start, temporaryFolder } from './cli.ts';

const CACHE = temporaryFolder();
process.env['XDG_CACHE_HOME'] = CACHE; // what is kept is kept apart from the user's

const isPicture = (file: string | Buffer) => String(file).endsWith('.png');
const pngsOf = (page: string) => [...page.matchAll(/data:image\/png;base64,[^"]+/g)].map(String);

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

  it.skipIf(process.platform === 'win32')(
    'cancelled, it writes what is there; the next one goes on from there',
    async () => {
      const out = join(temporaryFolder(), 'conv2.html');
      const options = ['--model', MODEL, '--layer', 'conv2', '--out', out, '--quiet'];
      const child = start('gallery', ...options);
      const finished = finish(child);
      const kept = () => (existsSync(CACHE) ? readdirSync(CACHE, { recursive: true }).filter(isPicture).length : 0);
      const before = kept();
      await expect.poll(kept, { timeout: 60_000 }).toBeGreaterThan(before);
      child.kill('SIGINT');
      const { status, stderr } = await finished;
      expect(status).toBe(130);
      expect(stderr).toMatch(
        /^layerscope: Cancelled\. \S+conv2\.html has what was finished: \d\d pictures, \d+ kB\.\n$/,
      );
      const page = readFileSync(out, 'utf8');
      const there = page.match(/<figure /g)!.length;
      expect(there).toBeLessThan(32);
      expect(page).toContain(`${there} of 32 units; the others were not made.`);
      const pictures = pngsOf(page);
      expect((await layerscope('gallery', ...options)).status).toBe(0);
      const whole = pngsOf(readFileSync(out, 'utf8'));
      expect(whole).toHaveLength(32);
      expect(whole.slice(0, there)).toEqual(pictures);
    },
  );

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
