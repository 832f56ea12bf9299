import type { Shape } from '../graph/graph.ts';
import type { Preprocessing } from '../model.ts';

/** What takes whole numbers from 0 to 255 takes pictures as they are; `shape` N×C×H×W. */
export function asPixels(shape: Shape): Preprocessing {
  const grey = shape[1] === 1;
  const all = (value: number) => new Array<number>(grey ? 1 : 3).fill(value);
  return { channels: grey ? 'grey' : 'RGB', scale: 1, mean: all(0), std: all(1), resize: 'squash' };
}
