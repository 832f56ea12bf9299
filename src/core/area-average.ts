/**
 * Shrinks a map (height × width from `start` in `values`) by averaging the area that each new pixel covers; pixels at
 * borders count by the part that is covered.
 */
export function areaAverage(
  values: ArrayLike<number>,
  start: number,
  [height, width]: readonly [number, number],
  [newHeight, newWidth]: readonly [number, number],
): Float32Array {
  const map = new Float32Array(newHeight * newWidth);
  const row = new Float64Array(width);
  for (let y = 0; y < newHeight; y++) {
    row.fill(0);
    eachCovered(y, height, newHeight, (old, part) => {
      for (let x = 0; x < width; x++) row[x]! += part * values[start + old * width + x]!;
    });
    for (let x = 0; x < newWidth; x++) {
      let sum = 0;
      eachCovered(x, width, newWidth, (old, part) => (sum += part * row[old]!));
      map[y * newWidth + x] = sum;
    }
  }
  return map;
}

/** The old pixels that a new one covers, with their parts of it; the parts sum to one. */
function eachCovered(i: number, size: number, newSize: number, visit: (old: number, part: number) => void): void {
  const from = (i * size) / newSize;
  const to = ((i + 1) * size) / newSize;
  for (let old = Math.floor(from); old < Math.min(to, size); old++) {
    const part = Math.min(to, old + 1) - Math.max(from, old);
    if (part > 0) visit(old, part / (to - from));
  }
}
