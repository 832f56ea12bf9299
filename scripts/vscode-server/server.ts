import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { VSCodeServer } from './install.ts';

export interface ServerOptions {
  /** Where the server keeps settings, extensions and logs. */
  readonly data: string;
  readonly port?: number;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningServer {
  readonly port: number;
  readonly process: ChildProcess;
  /** What it printed so far. */
  log(): string;
  /** Ends it, its extension hosts and their children. */
  stop(): Promise<void>;
}

const common = (data: string) => [
  '--accept-server-license-terms',
  '--server-data-dir',
  data,
  '--telemetry-level',
  'off',
];

/** Starts the server; resolves when it listens. */
export async function startServer(install: VSCodeServer, options: ServerOptions): Promise<RunningServer> {
  const port = options.port ?? (await freePort());
  const listen = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  const main = path.join(install.root, 'out/server-main.js');
  const server = spawn(install.node, [main, ...listen, ...common(options.data), ...(options.flags ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a process group: its extension hosts, and their children, end with it
    env: { ...process.env, ...options.env },
  });
  const closed = new Promise((resolve) => server.on('close', resolve));
  const killAtExit = () => endGroup(server, 'SIGKILL'); // should this process end without stop()
  process.once('exit', killAtExit);
  let log = '';
  const stop = async () => {
    endGroup(server, 'SIGTERM');
    const late = setTimeout(() => endGroup(server, 'SIGKILL'), 3000);
    await closed;
    clearTimeout(late);
    process.removeListener('exit', killAtExit);
  };
  try {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('it did not start in 60 s')), 60_000);
      const read = (text: Buffer) => {
        log += text;
        if (!log.includes('Extension host agent listening')) return;
        clearTimeout(late);
        resolve();
      };
      server.stdout.on('data', read);
      server.stderr.on('data', read);
      server.on('error', reject);
      server.on('close', (code) => reject(new Error(`it ended with ${code}`)));
    });
  } catch (error) {
    await stop();
    throw new Error(`VS Code's server: ${(error as Error).message}\n${log.slice(-4000)}`, { cause: error });
  }
  return { port, process: server, log: () => log, stop };
}

/** User settings, where the server keeps them. */
export function writeSettings(data: string, settings: object): void {
  const user = path.join(data, 'data/User');
  mkdirSync(user, { recursive: true });
  writeFileSync(path.join(user, 'settings.json'), JSON.stringify(settings, null, 2));
}

/** Makes a folder an installed extension, without a copy. */
export function installFolder(data: string, extension: string): void {
  const { publisher, name, version } = JSON.parse(readFileSync(path.join(extension, 'package.json'), 'utf8'));
  const location = { $mid: 1, scheme: 'file', path: path.resolve(extension) };
  const entry = { identifier: { id: `${publisher}.${name}` }, version, location, metadata: { installedTimestamp: 0 } };
  mkdirSync(path.join(data, 'extensions'), { recursive: true });
  writeFileSync(path.join(data, 'extensions/extensions.json'), JSON.stringify([entry]));
}

/** Installs a packed extension, as a user would. */
export function installVsix(install: VSCodeServer, data: string, vsix: string): void {
  const main = path.join(install.root, 'out/server-main.js');
  const { status, stdout, stderr } = spawnSync(
    install.node,
    [main, ...common(data), '--install-extension', path.resolve(vsix)],
    { encoding: 'utf8' },
  );
  if (status !== 0 || /Failed|Error/.test(stdout + stderr))
    throw new Error(`Could not install ${vsix}:\n${stdout}${stderr}`);
}

/** The workbench's address for a folder. `payload`: what the desktop takes from its command line. */
export function workbenchAddress(
  port: number,
  folder: string,
  payload?: readonly (readonly [string, string])[],
): string {
  const address = `http://127.0.0.1:${port}/?folder=${encodeURI(path.resolve(folder))}`;
  return payload ? `${address}&payload=${encodeURIComponent(JSON.stringify(payload))}` : address;
}

function endGroup(leader: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader.pid!, signal);
  } catch {
    // it has ended
  }
}

/** A port that is free; `wish`, if that one is. */
export function freePort(wish = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.on('error', (error) => (wish ? resolve(freePort()) : reject(error)));
    probe.listen(wish, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
