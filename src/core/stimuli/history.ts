import type { History } from '../results.ts';

/** Points of a curve: as many as a chart can show, and little to send along with each picture on the way. */
const MOST = 200;

/** What was climbed over the steps, by picture, thinned evenly; the last step is always there. */
export function historyOf(name: string, values: readonly (readonly number[])[]): History {
  return { name, curves: values.map(curveOf) };
}

function curveOf(values: readonly number[]) {
  const count = Math.min(MOST, values.length);
  const at = (i: number) => (count === 1 ? values.length - 1 : Math.round((i * (values.length - 1)) / (count - 1)));
  return {
    x: Float32Array.from({ length: count }, (_, i) => at(i) + 1),
    y: Float32Array.from({ length: count }, (_, i) => values[at(i)]!),
  };
}
