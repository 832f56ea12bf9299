import Mocha from 'mocha';

const SUITES = [
  () => import('./activation.ts'),
  () => import('./code.ts'),
  () => import('./editors.ts'),
  () => import('./process.ts'),
];

/** Runs all suites; rejects where a test fails. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  for (const load of SUITES) await load();
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
