/** The value that stands at `n` when they are sorted, 0 the least; reorders them. Hoare 1961, Algorithm 65: Find. */
export function nth(values: Float32Array | Float64Array, n: number): number {
  let [left, right] = [0, values.length - 1];
  while (left < right) {
    const pivot = values[n]!;
    let [i, j] = [left, right];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const value = values[i]!;
      values[i++] = values[j]!;
      values[j--] = value;
    }
    if (j < n) left = i;
    if (n < i) right = j;
  }
  return values[n]!;
}
