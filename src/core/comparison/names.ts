/** What two files are called beside each other: their names, with as many folders before them as tell them apart. */
export function distinctNames(a: string, b: string): readonly [string, string] {
  const [left, right] = [a, b].map((file) => file.split(/[/\\]/));
  let count = 1;
  const tail = (parts: readonly string[]) => parts.slice(-count).join('/');
  while (tail(left!) === tail(right!) && count < Math.max(left!.length, right!.length)) count++;
  return [tail(left!), tail(right!)];
}
