// Installs a real VS Code (the server inside the npm package code-server) and the Node that it is made for. npm alone is
// needed: no download page, no install scripts. Run again, it finds what is there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { stubNativeModules } from './native-modules.ts';

/** = VS Code 1.139.1, which ships Node 24. */
const CODE_SERVER = '4.139.1';
const NODE = '24.21.0';

export interface VSCodeServer {
  /** The Node that runs it. */
  readonly node: string;
  /** VS Code's own folder, with `out/server-main.js`. */
  readonly root: string;
}

/** Where it is kept: LAYERSCOPE_VSCODE, else ~/.cache/layerscope-vscode. */
export function cacheFolder(): string {
  const home = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  return path.resolve(process.env.LAYERSCOPE_VSCODE || path.join(home, 'layerscope-vscode'));
}

/** The server, if it is installed. */
export function findVSCodeServer(): VSCodeServer | undefined {
  const modules = path.join(cacheFolder(), 'current/node_modules');
  const root = path.join(modules, 'code-server/lib/vscode');
  const node = path.join(modules, nodePackage(), process.platform === 'win32' ? 'bin/node.exe' : 'bin/node');
  return existsSync(path.join(root, 'node_modules')) && existsSync(node) ? { node, root } : undefined;
}

/** Installs the server where it is not yet (about 20 s and 800 MB). Throws with npm's own words when npm fails. */
export function installVSCodeServer(log: (line: string) => void = console.log): VSCodeServer {
  const found = findVSCodeServer();
  if (found) return found;
  if (process.platform === 'win32')
    throw new Error(
      'The VS Code server needs Linux or macOS: install VS Code (https://code.visualstudio.com) instead.',
    );
  const cache = cacheFolder();
  const name = `code-server-${CODE_SERVER}-node-${NODE}`;
  log(`Installing VS Code's server from npm into ${cache} (once, about 800 MB)…`);
  mkdirSync(cache, { recursive: true });
  const staging = mkdtempSync(path.join(cache, '.staging-'));
  try {
    writeFileSync(path.join(staging, 'package.json'), '{ "private": true }\n');
    npmInstall(staging, `code-server@${CODE_SERVER}`, `${nodePackage()}@${NODE}`);
    const server = path.join(staging, 'node_modules/code-server/lib/vscode');
    npmInstall(server); // not `npm ci`, which refuses: the published shrinkwrap does not agree with its package.json
    stubNativeModules(path.join(server, 'node_modules/@vscode'));
    // Only a complete install ever has this name; another process may have been faster.
    if (!existsSync(path.join(cache, name))) renameSync(staging, path.join(cache, name));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  rmSync(path.join(cache, 'current'), { force: true });
  symlinkSync(name, path.join(cache, 'current'));
  const installed = findVSCodeServer();
  if (!installed) throw new Error(`VS Code's server in ${cache} is not complete: remove that folder and try again.`);
  return installed;
}

const nodePackage = () => `node-${process.platform}-${process.arch}`;

function npmInstall(folder: string, ...packages: string[]): void {
  const flags = [
    '--ignore-scripts',
    '--omit=dev',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
  ];
  // What npm tells the scripts that it runs (its prefix above all) must not reach this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_(config_(local_)?prefix|package)/.test(key)),
  );
  const { status, stderr, error } = spawnSync('npm', ['install', ...flags, ...packages], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new Error(`npm could not install ${packages.join(' ') || "VS Code's modules"}: ${error ?? stderr}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) installVSCodeServer();
