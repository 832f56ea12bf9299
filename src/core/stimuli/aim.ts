import { labelOf } from '../classes.ts';
import { usageError } from '../errors.ts';
import type { Shape } from '../graph/graph.ts';
import { oneHot, oneHotAt } from '../optimization/objectives.ts';
import { scoreTensor } from '../scores.ts';
import type { Context, Unit } from '../visualizers/visualizer.ts';
import type { Choice } from './choice.ts';
import type { Direction } from './direction.ts';

/** What one picture is for: units of a layer, each with a weight. */
export interface Aim {
  readonly label: string;
  /** The first of them. */
  readonly unit: Unit;
  /** By channel, C; where positions are named by value, C×H×W. */
  readonly weights: Float32Array;
}

type Asked = Pick<Context, 'session' | 'layer' | 'output'>;

/**
 * What the pictures are for, as chosen: each unit a picture of its own, the weighted sum of all, all channels, or a direction.
 * Throws a usage error where weights and units don't match.
 *
 * @param shape  of the tensor that climbs, without its batch
 */
export function aimsOf(
  context: Asked,
  units: readonly Unit[],
  shape: Shape,
  { objective, combine, negative, weights }: Choice,
  direction?: Direction,
): Aim[] {
  const sign = negative ? -1 : 1;
  const name = nameOf(context);
  if (direction) {
    const label = negative ? direction.opposite : direction.label;
    return [{ label, unit: { channel: 0 }, weights: direction.weights.map((weight) => sign * weight) }];
  }
  const factors = factorsOf(weights, units.length).map((factor) => sign * factor);
  if (objective === 'unit' && combine === 'each')
    return units.map((unit, i) => {
      const label = factors[i]! < 0 ? `against ${name(unit)}` : name(unit);
      return { label, unit, weights: weighted([unit], [factors[i]!], shape) };
    });
  const all = units.length === shape[0]!;
  const sum = units.map((unit, i) => term(name(unit), factors[i]!, i)).join(' ');
  const label = objective === 'layer' && all ? `${negative ? 'against ' : ''}all channels` : sum;
  return [{ label, unit: units[0]!, weights: weighted(units, factors, shape) }];
}

/** What a unit is called: a class by its label. */
function nameOf({ session, layer, output }: Asked): (unit: Unit) => string {
  const isClasses = [output, scoreTensor(session.model, output)].includes(layer.output);
  return ({ channel, position }) => {
    const name = isClasses ? labelOf(session.description.labels, channel) : String(channel);
    return position ? `${name} at ${position.y},${position.x}` : name;
  };
}

/** The weights as numbers, one a unit; 1 where none are given. */
function factorsOf(text: string, count: number): number[] {
  if (text === '') return Array<number>(count).fill(1);
  const factors = text.split(',').map(Number);
  if (factors.length === count) return factors;
  throw usageError(
    `weights ${text}: ${factors.length === 1 ? 'that is 1 number' : `those are ${factors.length} numbers`} for ${count} unit${count === 1 ? '' : 's'}. Give one for each unit that is named.`,
  );
}

/** `3`, `+ 0.5·7`, `− 9`. */
function term(name: string, factor: number, place: number): string {
  const size = Math.abs(factor);
  const value = size === 1 ? name : `${Number(size.toPrecision(3))}·${name}`;
  if (place === 0) return factor < 0 ? `−${value}` : value;
  return `${factor < 0 ? '−' : '+'} ${value}`;
}

/** Σ of the units' one-hot weights, each times its factor. */
function weighted(units: readonly Unit[], factors: readonly number[], shape: Shape): Float32Array {
  const each = units.map(({ channel, position }) =>
    position ? oneHotAt([[channel, position.y, position.x]], shape) : oneHot([channel], shape[0]!),
  );
  const sum = new Float32Array(each[0]!.data.length);
  each.forEach(({ data }, n) => data.forEach((value, i) => (sum[i]! += factors[n]! * value)));
  return sum;
}
