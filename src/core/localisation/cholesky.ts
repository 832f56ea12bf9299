/** L of a positive definite matrix A = L·Lᵀ; both d × d, of which only the lower triangle counts. */
export function cholesky(matrix: Float64Array, d: number): Float64Array {
  const factor = new Float64Array(d * d);
  for (let a = 0; a < d; a++)
    for (let b = 0; b <= a; b++) {
      let sum = matrix[a * d + b]!;
      for (let c = 0; c < b; c++) sum -= factor[a * d + c]! * factor[b * d + c]!;
      factor[a * d + b] = a === b ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / factor[b * d + b]!;
    }
  return factor;
}

/** log det A */
export function logDeterminant(factor: Float64Array, d: number): number {
  let sum = 0;
  for (let a = 0; a < d; a++) sum += 2 * Math.log(factor[a * d + a]!);
  return sum;
}

/** vᵀ·A⁻¹·v; `v` is overwritten. */
export function mahalanobis(factor: Float64Array, v: Float64Array): number {
  const d = v.length;
  let square = 0;
  for (let a = 0; a < d; a++) {
    let sum = v[a]!;
    for (let b = 0; b < a; b++) sum -= factor[a * d + b]! * v[b]!;
    v[a] = sum / factor[a * d + a]!;
    square += v[a]! ** 2;
  }
  return square;
}
