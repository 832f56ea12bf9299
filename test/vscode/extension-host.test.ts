import path from 'node:path';
import esbuild from 'esbuild';
import { expect, it } from 'vitest';
import { PROJECT } from '../support/vscode/start.ts';
import { openSamples } from '../support/vscode/samples.ts';

/** In the project, so that mocha is found. */
const suite = path.join(PROJECT, 'dist/test/suite.cjs');

it('works inside the extension host', async () => {
  await esbuild.build({
    entryPoints: [path.join(import.meta.dirname, 'suite/index.ts')],
    outfile: suite,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  const lines: string[] = [];
  const vscode = await openSamples({ tests: suite, log: (line) => lines.push(line) });
  try {
    const exitCode = await vscode.exitCode;
    console.log(lines.join('\n'));
    expect(exitCode, lines.join('\n')).toBe(0);
    expect(lines.join('\n')).toMatch(/\d+ passing/);
  } finally {
    await vscode.stop();
  }
});
