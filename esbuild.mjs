// Builds everything that runs: dist/extension.cjs, dist/worker.cjs, dist/cli.cjs, dist/webview/.
//   node esbuild.mjs [--watch] [--production]
import esbuild from 'esbuild';
import sveltePlugin from 'esbuild-svelte';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

const common = { bundle: true, minify: production, sourcemap: production ? false : 'linked', logLevel: 'info' };

/** Node programs; the native library stays where npm put it. */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode', 'onnxruntime-node', '@tensorflow/tfjs-node'],
  // An ES module's own address, which h5wasm and others ask for.
  define: { 'import.meta.url': '__importMetaUrl' },
  banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
};

const builds = [
  {
    ...node,
    entryPoints: ['src/extension/extension.ts'],
    outfile: 'dist/extension.cjs',
    mainFields: ['module', 'main'], // jsonc-parser's main can't be bundled
  },
  { ...node, entryPoints: ['src/worker/main.ts'], outfile: 'dist/worker.cjs' },
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.cjs',
    banner: { js: `#!/usr/bin/env node\n${node.banner.js}` },
  },
  {
    ...common,
    entryPoints: ['src/webview/main.ts'],
    outdir: 'dist/webview',
    format: 'esm',
    target: 'es2022',
    conditions: ['svelte', 'browser'],
    mainFields: ['svelte', 'browser', 'module', 'main'],
    sourcemap: !production, // the plugin takes no linked ones
    plugins: [sveltePlugin({ compilerOptions: { css: 'external', dev: !production } })],
  },
];

if (watch) for (const build of builds) await (await esbuild.context(build)).watch();
else await Promise.all(builds.map((build) => esbuild.build(build)));
