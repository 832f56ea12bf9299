import type { Preprocessing } from '../../core/model.ts';

/** How images are prepared, in a few signs: `BGR − mean`, `RGB / 255, standardised`. */
export function preparation({ channels, scale, mean, std }: Preprocessing): string {
  const parts: string[] = [channels];
  const text = fractionText(scale);
  if (scale !== 1) parts.push(text.startsWith('1/') ? `/ ${text.slice(2)}` : `× ${Number(scale.toPrecision(3))}`);
  if (mean.some((value) => value !== 0)) parts.push('− mean');
  if (std.some((value) => value !== 1)) parts.push('/ std');
  return parts.join(' ');
}

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, index) => Math.abs(value - b[index]!) < 1e-6);

export const samePreprocessing = (a: Preprocessing, b: Preprocessing): boolean =>
  a.channels === b.channels && Math.abs(a.scale - b.scale) < 1e-9 && same(a.mean, b.mean) && same(a.std, b.std);

/** `104, 117, 123` as numbers; undefined when it is no such list. */
export function numberList(text: string): number[] | undefined {
  const values = text
    .split(/[,;\s]+/)
    .filter(Boolean)
    .map(Number);
  return values.length && values.every(Number.isFinite) ? values : undefined;
}

/** One number or fraction: `1/255`. */
export function fraction(text: string): number | undefined {
  const [above, below = '1', ...more] = text.split('/').map((part) => part.trim());
  const value = Number(above) / Number(below);
  return more.length || !above || !Number.isFinite(value) || value === 0 ? undefined : value;
}

/** The number as a person writes it: `1/255` rather than 0.00392. */
export const fractionText = (value: number): string => {
  const inverse = 1 / value;
  return value < 1 && Math.abs(inverse - Math.round(inverse * 2) / 2) < 1e-6
    ? `1/${Math.round(inverse * 2) / 2}`
    : String(value);
};
