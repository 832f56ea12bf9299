import type { Box } from '../results.ts';

/** The largest set of pixels that hang together, neighbours along an edge or a corner; empty where the mask is. */
export function largestComponent(mask: Uint8Array, width: number, height: number): Uint8Array {
  const seen = new Uint8Array(mask.length);
  const stack = new Int32Array(mask.length);
  let largest: Int32Array = new Int32Array();
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || seen[start]) continue;
    let [done, found] = [0, 1];
    stack[0] = start;
    seen[start] = 1;
    while (done < found) {
      const at = stack[done++]!;
      const x = at % width;
      const y = (at - x) / width;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++)
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (!mask[next] || seen[next]) continue;
          seen[next] = 1;
          stack[found++] = next;
        }
    }
    if (found > largest.length) largest = stack.slice(0, found);
  }
  const component = new Uint8Array(mask.length);
  for (const at of largest) component[at] = 1;
  return component;
}

/** The rectangle around a mask's pixels; undefined where there are none. */
export function boundingBox(mask: Uint8Array, width: number): Omit<Box, 'label'> | undefined {
  let [x0, y0, x1, y1] = [Infinity, Infinity, 0, 0];
  mask.forEach((value, at) => {
    if (!value) return;
    const x = at % width;
    const y = (at - x) / width;
    [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x + 1), Math.max(y1, y + 1)];
  });
  return x1 > 0 ? { x0, y0, x1, y1 } : undefined;
}
