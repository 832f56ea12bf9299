/**
 * The block that each layer belongs to, by name; none for layers on their own. Layers whose names begin alike are a block:
 * `fire2/expand1x1`, `layer1.0.conv1` (paths), `fire2_expand1x1`, `block_3_add` (numbered prefixes). A prefix that holds
 * most of the network (`/features`, `model`) is looked into, and is no block itself.
 */
export function blocks(names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const split = (members: readonly string[], depth: number) => {
    for (const [prefix, group] of groups(members, depth)) {
      const deeper = group.some((name) => prefixes(name).length > depth + 1);
      const most = group.length > names.length / 2;
      if (most && deeper) split(group, depth + 1);
      else if (!most && group.length > 1) for (const name of group) found.set(name, prefix);
    }
  };
  split(names, 0);
  return found;
}

function groups(names: readonly string[], depth: number): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const name of names) {
    const prefix = prefixes(name)[depth];
    if (prefix !== undefined) grouped.set(prefix, [...(grouped.get(prefix) ?? []), name]);
  }
  return grouped;
}

/** What a name's blocks could be, outermost first. */
function prefixes(name: string): string[] {
  for (const separator of ['/', '.']) {
    const found: string[] = [];
    for (let at = name.indexOf(separator, 1); at > 0; at = name.indexOf(separator, at + 1))
      found.push(name.slice(0, at));
    if (found.length > 0) return found;
  }
  const numbered = /^(.*?[a-z]+_?\d+)_[a-z]/i.exec(name)?.[1];
  return numbered === undefined ? [] : [numbered];
}
