/** Round numbers (1, 2 or 5 times a power of ten) from `low` to `high`, about `count` of them, both ends within. */
export function ticks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.99) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** The values as short as tells them apart, all with as many digits. */
export function tickLabels(values: readonly number[]): string[] {
  const step = Math.abs((values[1] ?? 1) - (values[0] ?? 0)) || 1;
  const digits = Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  const large = values.some((value) => Math.abs(value) >= 1e6);
  return values.map((value) =>
    large
      ? value.toExponential(1)
      : value
          .toFixed(digits)
          .replace('-', '−')
          .replace(/^−(0(\.0*)?)$/, '$1'),
  );
}
