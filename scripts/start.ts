// Opens VS Code on the sample workspace, with this extension: the VS Code that is installed, else its server in a browser.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { which } from './browser.ts';
import { cacheFolder, installVSCodeServer } from './vscode-server/install.ts';
import { freePort, installFolder, startServer, workbenchAddress, writeSettings } from './vscode-server/server.ts';

const PORT = 8000;
const project = fileURLToPath(new URL('..', import.meta.url));
const samples = path.join(project, 'media/samples');

const FIRST = `In the explorer, click digits.onnx first: the network opens as a graph; click a layer, then the tabs beside it.
Then open digits.py and point at a layer's name.`;

if (openDesktop()) console.log(`VS Code opens on ${samples}.\n${FIRST}`);
else await serve();

/** Whether an installed VS Code took the folder. */
function openDesktop(): boolean {
  const code = which('code');
  if (!code || process.argv.includes('--browser')) return false;
  const flags = ['--new-window', `--extensionDevelopmentPath=${project}`, samples];
  const { status } = spawnSync(code, flags, {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) console.log('The installed `code` did not start; VS Code opens in a browser instead.');
  return status === 0;
}

/** Serves VS Code until Ctrl+C. */
async function serve(): Promise<void> {
  const install = installVSCodeServer();
  const data = path.join(cacheFolder(), 'start');
  if (!existsSync(path.join(data, 'data/User/settings.json')))
    writeSettings(data, { 'workbench.startupEditor': 'none', 'chat.disableAIFeatures': true, 'git.enabled': false });
  installFolder(data, project);
  const server = await startServer(install, { data, port: await freePort(PORT), flags: ['--disable-workspace-trust'] });
  const address = workbenchAddress(server.port, samples);
  console.log(`\nVS Code is at\n\n    ${address}\n\n${FIRST}\n\nCtrl+C ends it.`);
  openBrowser(address);
  await Promise.race([
    ...(['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(
      (signal) => new Promise((resolve) => process.once(signal, resolve)),
    ),
    new Promise((resolve) => server.process.once('close', resolve)),
  ]);
  await server.stop();
}

/** On a desktop only; elsewhere the address is printed. */
function openBrowser(address: string): void {
  const opener = process.platform === 'darwin' ? 'open' : which('xdg-open');
  const desktop = process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (opener && desktop)
    spawn(opener, [address], { stdio: 'ignore', detached: true })
      .on('error', () => {})
      .unref();
}
