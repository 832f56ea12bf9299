import { expect, it } from 'vitest';
import { PROJECT } from '../support/vscode/start.ts';
import { openSamples } from '../support/vscode/samples.ts';
import { buildSuite } from './build-suite.ts';

it('works inside the extension host', async () => {
  const lines: string[] = [];
  const vscode = await openSamples({ tests: await buildSuite(PROJECT), log: (line) => lines.push(line) });
  try {
    const exitCode = await vscode.exitCode;
    console.log(lines.join('\n'));
    expect(exitCode, lines.join('\n')).toBe(0);
    expect(lines.join('\n')).toMatch(/\d+ passing/);
  } finally {
    await vscode.stop();
  }
});
