import type { Activation } from './genome.ts';

/** A function as a table over one period or up to where it no longer changes, with straight lines between its entries. */
interface Table {
  readonly low: number;
  readonly perUnit: number;
  /** One entry more than steps, and one more for the last value itself. */
  readonly entries: Float32Array;
}

const STEPS = 4096;

function table(value: (sum: number) => number, low: number, high: number): Table {
  const step = (high - low) / STEPS;
  return { low, perUnit: 1 / step, entries: Float32Array.from({ length: STEPS + 2 }, (_, i) => value(low + i * step)) };
}

const SINE = table(Math.sin, 0, 2 * Math.PI);
const SIGMOID = table((sum) => 2 / (1 + Math.exp(-sum)) - 1, -16, 16);
const GAUSSIAN = table((sum) => Math.exp(-sum * sum), -5, 5);

/**
 * What a node makes of its sums, in place: sin s; 2/(1 + e⁻ˢ) − 1; exp(−s²); s/3 within ±1. All give −1..1. Read from tables, to
 * 1e-5: a picture is painted of millions of them.
 */
export function activate(activation: Activation, sums: Float32Array, count: number): void {
  if (activation === 'linear') for (let i = 0; i < count; i++) sums[i] = within(-1, sums[i]! / 3, 1);
  else if (activation === 'sine') goRound(SINE, sums, count);
  else look(activation === 'sigmoid' ? SIGMOID : GAUSSIAN, sums, count);
}

// Quicker here than Math.min and Math.max, which look out for −0 and NaN.
const within = (low: number, value: number, high: number) => (value < low ? low : value > high ? high : value);

/** A function that is constant beyond its table. */
function look({ low, perUnit, entries }: Table, sums: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const at = within(0, (sums[i]! - low) * perUnit, STEPS);
    const below = at | 0;
    const value = entries[below]!;
    sums[i] = value + (at - below) * (entries[below + 1]! - value);
  }
}

/** A function of which the table is one period. */
function goRound({ perUnit, entries }: Table, sums: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const turns = (sums[i]! * perUnit) / STEPS;
    const at = (turns - Math.floor(turns)) * STEPS;
    const below = at | 0;
    const value = entries[below]!;
    sums[i] = value + (at - below) * (entries[below + 1]! - value);
  }
}
