// Builds everything that runs: dist/extension.cjs, dist/worker.cjs, dist/cli.cjs, dist/webview/.
//   node esbuild.mjs [--watch] [--production]
import esbuild from 'esbuild';
import sveltePlugin from 'esbuild-svelte';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

const common = { bundle: true, minify: production, sourcemap: production ? false : 'linked', logLevel: 'info' };

/** Large libraries are bundles of their own, beside the others, which are read only where they are needed. */
const TFJS = 'src/core/engines/tfjs/tensorflow-js.ts';
const apart = {
  name: 'apart',
  setup(build) {
    build.onResolve({ filter: /\/tensorflow-js\.ts$/ }, () => ({ path: './tfjs.cjs', external: true }));
    build.onResolve({ filter: /^h5wasm$/ }, () => ({ path: './h5wasm.cjs', external: true }));
  },
};

/** Node programs; the native library stays where npm put it. */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode', 'onnxruntime-node', '@tensorflow/tfjs-node'],
  supported: { 'dynamic-import': false }, // as require, which keeps what another bundle exports alive
  // An ES module's own address, which h5wasm and others ask for.
  define: { 'import.meta.url': '__importMetaUrl' },
  banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  plugins: [apart],
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
  { ...node, entryPoints: ['src/core/engines/lanes/thread.ts'], outfile: 'dist/lane.cjs' },
  { ...node, entryPoints: ['h5wasm'], outfile: 'dist/h5wasm.cjs', plugins: [] },
  {
    ...node,
    entryPoints: [TFJS],
    outfile: 'dist/tfjs.cjs',
    mainFields: ['module', 'main'], // which can be bundled in part
    plugins: [],
  },
  {
    ...common,
    entryPoints: { main: 'src/webview/main.ts', gallery: 'src/webview/gallery/main.ts' },
    outdir: 'dist/webview',
    format: 'esm',
    target: 'es2022',
    conditions: ['svelte', 'browser'],
    mainFields: ['svelte', 'browser', 'module', 'main'],
    sourcemap: !production, // the plugin takes no linked ones
    plugins: [sveltePlugin({ compilerOptions: { css: 'external', dev: !production } })],
  },
];

// Where the bundles look for them. Every Node that runs the rest has SIMD.
const WASM = [
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
];
mkdirSync('dist', { recursive: true });
for (const file of WASM) copyFileSync(`node_modules/${file}`, `dist/${path.basename(file)}`);

if (watch) for (const build of builds) await (await esbuild.context(build)).watch();
else await Promise.all(builds.map((build) => esbuild.build(build)));
