import path from 'node:path';
import esbuild from 'esbuild';

/** Bundles the tests that run in the extension host; into the project, so that mocha is found. Returns the file. */
export async function buildSuite(project: string): Promise<string> {
  const outfile = path.join(project, 'dist/test/suite.cjs');
  await esbuild.build({
    entryPoints: [path.join(project, 'test/vscode/suite/index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  return outfile;
}
