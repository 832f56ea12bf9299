import { LayerscopeError, usageError } from '../core/errors.ts';
import { quoted, nearest } from '../core/nearest.ts';
import { VERSION } from '../core/version.ts';
import { bench } from './commands/bench.ts';
import { exportModel } from './commands/export.ts';
import { gallery } from './commands/gallery.ts';
import { inspect } from './commands/inspect.ts';
import { methods } from './commands/methods.ts';
import { report } from './commands/report.ts';
import { run } from './commands/run.ts';
import { exitStatus, oneLine } from './failure.ts';
import { HELP } from './help.ts';

type Command = (args: readonly string[]) => Promise<void>;

const COMMANDS: Readonly<Record<string, Command>> = {
  inspect,
  methods,
  run,
  report,
  gallery,
  export: exportModel,
  bench,
};

async function main(args: readonly string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(HELP);
    if (name === undefined) process.exitCode = 2;
    return;
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    const names = Object.keys(COMMANDS);
    throw usageError(`There is no command '${name}'. The nearest: ${quoted(nearest(name, names, 2))}; see --help.`);
  }
  const asksHelp = rest.includes('--help') || rest.includes('-h');
  if (asksHelp && command !== run) process.stdout.write(HELP);
  else await command(rest); // of a method, run says more
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(); // the reader (`| head`) has seen enough
  throw error;
});

const args = process.argv.slice(2);
main(args).catch((error: unknown) => {
  const verbose = args.includes('--verbose');
  process.stderr.write(`layerscope: ${oneLine(error)}\n`);
  if (verbose && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  if (verbose && error instanceof LayerscopeError && error.cause instanceof Error)
    process.stderr.write(`caused by ${error.cause.stack}\n`);
  process.exitCode = exitStatus(error);
});
