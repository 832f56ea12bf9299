// npm run kernels
//
// Compiles src/kernels (AssemblyScript) into src/core/vectors/compiled.ts, which is kept beside the rest: a test compares the two.
import fs from 'node:fs';
import asc from 'assemblyscript/asc';
import { format, resolveConfig } from 'prettier';

const TARGET = 'src/core/vectors/compiled.ts';

/** What TARGET is to hold: the module, and what it exports. Throws with the compiler's messages. */
export async function compiledKernels(): Promise<string> {
  const written: Record<string, string | Uint8Array> = {};
  const options = '-O3 --enable simd --runtime stub --noAssert --importMemory --bindings raw --outFile kernels.wasm';
  const { error, stderr } = await asc.main(['src/kernels/index.ts', ...options.split(' ')], {
    writeFile: (name, contents) => void (written[name] = contents),
  });
  if (error) throw new Error(stderr.toString(), { cause: error });
  const signatures = String(written['kernels.d.ts']).matchAll(/export function (.*?): (\w+);/gs);
  const methods = [...signatures].map(([, signature, type]) => `${signature}: ${type};`).join('\n');
  const module = Buffer.from(written['kernels.wasm']!).toString('base64');
  const text = `// Made by \`npm run kernels\` from src/kernels.

/** Numbers named after vectors are addresses in bytes; \`count\` is of float32, a multiple of four. */
export interface Kernels {
${methods}
}

/** WebAssembly, in base64. It imports its memory: \`env.memory\`. */
export const COMPILED =
  '${module}';
`;
  return format(text, { ...(await resolveConfig(TARGET)), filepath: TARGET });
}

if (process.argv[1]?.endsWith('kernels.ts')) fs.writeFileSync(TARGET, await compiledKernels());
