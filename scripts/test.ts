// All tests, in stages; the last line counts them: `N passed, N failed, N skipped`. A stage that fails without a failed test
// (lint, a build) counts as one.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installChromium } from './browser.ts';
import { installVSCodeServer } from './vscode-server/install.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const project = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string) => path.join(project, 'node_modules/.bin', name);
const reports = mkdtempSync(path.join(os.tmpdir(), 'layerscope-test-'));

const run = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { cwd: project, stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;

const step = (program: string, ...args: string[]): Counts => {
  const done = run(program, ...args);
  return { passed: 0, failed: done ? 0 : 1, skipped: 0 };
};

/** What of vitest's JSON report is read. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

/** What failed, said again at the end: the beginning of a long output is easily lost. */
const failures: string[] = [];

function collectFailures({ testResults }: Report): void {
  for (const { name, message, assertionResults } of testResults) {
    const file = path.relative(project, name);
    if (message) failures.push(`${file}: ${message}`);
    for (const { fullName, status, failureMessages } of assertionResults)
      if (status === 'failed') failures.push(`${file} > ${fullName}\n${failureMessages.join('\n')}`);
  }
}

/** Runs the tests of a vitest project, a folder of test/. */
function tests(folder: string, ...flags: string[]): Counts {
  const file = path.join(reports, `${folder}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const done = run(bin('vitest'), 'run', '--project', folder, ...reporters, ...flags);
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  collectFailures(report);
  const failed = report.numFailedTests || (done ? 0 : 1);
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
}

/** VS Code's server from npm, and a browser to show it. */
function install(): Counts {
  try {
    installVSCodeServer();
    installChromium();
    return { passed: 0, failed: 0, skipped: 0 };
  } catch (error) {
    console.error((error as Error).message);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const STAGES: readonly { name: string; run: () => Counts; needs?: string }[] = [
  { name: 'lint', run: () => step('npm', 'run', '--silent', 'lint') },
  { name: 'types', run: () => step('npm', 'run', '--silent', 'typecheck') },
  { name: 'unit', run: () => tests('unit') },
  { name: 'build', run: () => step('npm', 'run', '--silent', 'build') },
  { name: 'acceptance', run: () => tests('acceptance'), needs: 'build' },
  { name: 'install', run: install, needs: 'build' },
  // One window at a time: two on two cores wait for each other.
  { name: 'vscode', run: () => tests('vscode', '--no-file-parallelism'), needs: 'install' },
  { name: 'e2e', run: () => tests('e2e', '--no-file-parallelism'), needs: 'install' },
];

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const failed = new Set<string>();
const summary: string[] = [];
for (const stage of STAGES) {
  if (stage.needs && failed.has(stage.needs)) {
    failed.add(stage.name);
    summary.push(`${stage.name}: not run, as ${stage.needs} failed`);
    continue;
  }
  console.log(`\n▶ ${stage.name}`);
  const started = Date.now();
  const counts = stage.run();
  if (counts.failed) failed.add(stage.name);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  summary.push(`${stage.name}: ${counts.failed ? 'failed' : 'ok'} in ${Math.round((Date.now() - started) / 1000)} s`);
}
rmSync(reports, { recursive: true, force: true });

for (const failure of failures) console.log(`\n✗ ${failure.slice(0, 2000)}`);
const skipped = total.skipped ? `, ${total.skipped} skipped` : '';
console.log(`\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = failed.size ? 1 : 0;
