/** Whether a path, relative and with forward slashes, is meant: `*`, `?`, `**`, `{a,b}`. Without a slash: by the file's name. */
export function matchesGlob(path: string, glob: string): boolean {
  const pattern = glob.replaceAll('\\', '/').replace(/^\.\//, '');
  return expression(pattern).test(pattern.includes('/') ? path : path.slice(path.lastIndexOf('/') + 1));
}

function expression(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[.+^$()[\]|\\]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.startsWith('{')) return `(?:${token.slice(1, -1).split(',').map(escape).join('|')})`;
    return `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
