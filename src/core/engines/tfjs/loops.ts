import type { Loop } from './zip.ts';

export const equal: Loop = ({ out, at, end, a, b, i, j, di, dj }) => {
  for (; at < end; at++, i += di, j += dj) out[at] = Number(a[i]! === b[j]!);
};
export const greater: Loop = ({ out, at, end, a, b, i, j, di, dj }) => {
  for (; at < end; at++, i += di, j += dj) out[at] = Number(a[i]! > b[j]!);
};
export const greaterOrEqual: Loop = ({ out, at, end, a, b, i, j, di, dj }) => {
  for (; at < end; at++, i += di, j += dj) out[at] = Number(a[i]! >= b[j]!);
};
export const less: Loop = ({ out, at, end, a, b, i, j, di, dj }) => {
  for (; at < end; at++, i += di, j += dj) out[at] = Number(a[i]! < b[j]!);
};
export const lessOrEqual: Loop = ({ out, at, end, a, b, i, j, di, dj }) => {
  for (; at < end; at++, i += di, j += dj) out[at] = Number(a[i]! <= b[j]!);
};
export const and: Loop = ({ out, at, end, a, b, i, j, di, dj }) => {
  for (; at < end; at++, i += di, j += dj) out[at] = a[i]! & b[j]!;
};
export const or: Loop = ({ out, at, end, a, b, i, j, di, dj }) => {
  for (; at < end; at++, i += di, j += dj) out[at] = a[i]! | b[j]!;
};
export const not: Loop = ({ out, at, end, a, i, di }) => {
  for (; at < end; at++, i += di) out[at] = a[i]! ^ 1;
};
/** a: the condition; b, c: what is chosen by it. */
export const where: Loop = ({ out, at, end, a, b, c, i, j, k, di, dj, dk }) => {
  for (; at < end; at++, i += di, j += dj, k += dk) out[at] = a[i]! ? b[j]! : c[k]!;
};
/** Typed arrays convert what is written to them, and cut fractions off. */
export const copy: Loop = ({ out, at, a, i, end }) => out.set(a.subarray(i, i + end - at), at);
export const truth: Loop = ({ out, at, end, a, i, di }) => {
  for (; at < end; at++, i += di) out[at] = Number(a[i]! !== 0);
};
export const hardSwish: Loop = ({ out, at, end, a, i, di }) => {
  for (; at < end; at++, i += di) out[at] = a[i]! * Math.min(Math.max(a[i]! / 6 + 0.5, 0), 1);
};
/** b: the slope below zero. */
export const leaky: Loop = ({ out, at, end, a, b, i, j, di, dj }) => {
  for (; at < end; at++, i += di, j += dj) out[at] = a[i]! < 0 ? a[i]! * b[j]! : a[i]!;
};
