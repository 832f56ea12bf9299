import { execFileSync } from 'node:child_process';

/** Ids of the processes below `root` whose command line has this text. (Linux and macOS.) */
export function descendants(root: number, text: string): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  const processes = rows.map((row) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row)!;
    return { pid: Number(pid), parent: Number(parent), command: command! };
  });
  const family = new Set([root]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  }
  return processes
    .filter(({ pid, command }) => pid !== root && family.has(pid) && command.includes(text))
    .map(({ pid }) => pid);
}
