/**
 * Shrinks a map by averaging the area that each new pixel covers; pixels at borders count by the part that is covered.
 * `at` gives the value by index in a height × width map.
 */
export function areaAverage(
  at: (index: number) => number,
  width: number,
  height: number,
  newWidth: number,
  newHeight: number,
): Float32Array {
  const columns = spans(width, newWidth);
  const rows = spans(height, newHeight);
  const map = new Float32Array(newWidth * newHeight);
  rows.forEach((row, y) =>
    columns.forEach((column, x) => {
      let sum = 0;
      let area = 0;
      for (const [sourceY, partY] of row)
        for (const [sourceX, partX] of column) {
          sum += partY * partX * at(sourceY * width + sourceX);
          area += partY * partX;
        }
      map[y * newWidth + x] = sum / area;
    }),
  );
  return map;
}

/** By new pixel: the old ones that it covers, and how much of each. */
function spans(size: number, newSize: number): [number, number][][] {
  return Array.from({ length: newSize }, (_, i) => {
    const from = (i * size) / newSize;
    const to = ((i + 1) * size) / newSize;
    const parts: [number, number][] = [];
    for (let old = Math.floor(from); old < to; old++) {
      const part = Math.min(to, old + 1) - Math.max(from, old);
      if (part > 1e-9) parts.push([old, part]);
    }
    return parts;
  });
}
