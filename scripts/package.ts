// Packs the extension for one platform, with that platform's native library alone: npm run package [-- TARGET]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const target = process.argv[2] ?? `${process.platform}-${process.arch}`;
const library = `node_modules/onnxruntime-node/bin/napi-v6/${target.replace('-', '/')}`;
if (!existsSync(path.join(project, library))) {
  console.error(
    `There is no ONNX Runtime for ${target}: choose linux-x64, linux-arm64, darwin-arm64, win32-x64 or win32-arm64.`,
  );
  process.exit(2);
}

const temporary = mkdtempSync(path.join(os.tmpdir(), 'layerscope-package-'));
try {
  const ignoreFile = path.join(temporary, '.vscodeignore');
  // On macOS the same library is there under two names; the binding asks for the first.
  const files = target.startsWith('darwin') ? ['libonnxruntime.1.*.dylib', '*.node'] : ['**'];
  const added = files.map((file) => `!${library}/${file}`).join('\n');
  writeFileSync(ignoreFile, `${readFileSync(path.join(project, '.vscodeignore'), 'utf8')}${added}\n`);
  const flags = [
    'package',
    '--target',
    target,
    '--ignoreFile',
    ignoreFile,
    '--no-rewrite-relative-links',
    '--skip-license',
    '--allow-missing-repository',
  ];
  const { status } = spawnSync(path.join(project, 'node_modules/.bin/vsce'), flags, { cwd: project, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
