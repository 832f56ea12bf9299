import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const MAC = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

/** The path of a Chrome or Chromium: CHROMIUM, else one on PATH; undefined where there is none. */
export function findChromium(): string | undefined {
  const given = process.env.CHROMIUM;
  if (given) {
    if (existsSync(given)) return given;
    const onPath = which(given);
    if (!onPath) throw new Error(`CHROMIUM is ${given}, which does not exist.`);
    return onPath;
  }
  return NAMES.map(which).find((file) => file) ?? MAC.find((file) => existsSync(file));
}

/**
 * Finds a Chromium, or installs the system's own where that is possible without asking: on Debian and Ubuntu, as root or with a sudo that
 * asks for no password. Throws an error that says what to install.
 */
export function installChromium(log: (line: string) => void = console.log): string {
  const found = findChromium();
  if (found) return found;
  const root = process.getuid?.() === 0;
  if (which('apt-get') && (root || (which('sudo') && spawnSync('sudo', ['-n', 'true']).status === 0))) {
    log('Installing Chromium with apt-get…');
    const run = (...args: string[]) =>
      spawnSync(root ? 'apt-get' : 'sudo', root ? args : ['-n', 'apt-get', ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      }).status === 0;
    run('update', '-qq');
    run('install', '-y', '-qq', '--no-install-recommends', 'chromium');
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    'The tests in VS Code need Chrome or Chromium: install one (Debian, Ubuntu: sudo apt-get install chromium; ' +
      'macOS: brew install --cask chromium), or set CHROMIUM to its path.',
  );
}

/** The full path of a program on PATH. */
export function which(program: string): string | undefined {
  const endings = process.platform === 'win32' ? ['.cmd', '.exe', ''] : [''];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter))
    for (const ending of endings) {
      const file = path.join(folder, program + ending);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not this one
      }
    }
  return undefined;
}
