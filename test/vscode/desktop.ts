// The same tests in a desktop VS Code, which this downloads: npm run test:desktop
import { runTests } from '@vscode/test-electron';
import { copySamples } from '../support/vscode/samples.ts';
import { PROJECT } from '../support/vscode/start.ts';
import { buildSuite } from './build-suite.ts';

const { folder, remove } = copySamples();
try {
  await runTests({
    extensionDevelopmentPath: PROJECT,
    extensionTestsPath: await buildSuite(PROJECT),
    launchArgs: [folder, '--disable-extensions', '--disable-workspace-trust'],
  });
} finally {
  remove();
}
