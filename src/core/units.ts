import { usageError } from './errors.ts';
import type { Shape } from './graph/graph.ts';
import type { Unit } from './visualizers/visualizer.ts';

/**
 * Reads `--unit`: `3` one channel; `3-11`, `3,7`, `9-` (to the last) several; exactly three plain numbers `C,Y,X` one
 * position of a layer with maps, so three channels are written as `3,7,9-9`. `shape`: of the layer, with its batch.
 * Throws a usage error that says what the layer has.
 */
export function parseUnits(text: string, shape: Shape, layer: string): readonly Unit[] {
  const [, channels, height, width] = shape as readonly [number, number, number?, number?];
  const has = `Layer '${layer}' has ${channels} ${height === undefined ? 'units' : 'channels'}, 0 to ${channels - 1}`;
  const position = /^\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*$/.exec(text);
  if (position && height !== undefined && width !== undefined) {
    const [channel, y, x] = position.slice(1).map(Number) as [number, number, number];
    if (channel >= channels) throw usageError(`${has}: there is no channel ${channel}.`);
    if (y >= height || x >= width)
      throw usageError(`The maps of layer '${layer}' are ${height}×${width}: there is no position ${y},${x} (y,x).`);
    return [{ channel, position: { y, x } }];
  }
  const units: Unit[] = [];
  for (const part of text.split(',')) {
    const range = /^\s*(\d+)\s*(?:(-)\s*(\d*))?\s*$/.exec(part);
    if (!range) throw usageError(`--unit '${text}' is not C, C,Y,X, a range as 3-11, or several as 3,7.`);
    const first = Number(range[1]);
    const last = range[2] ? (range[3] ? Number(range[3]) : channels - 1) : first;
    if (first >= channels || last >= channels) throw usageError(`${has}: there is no ${Math.max(first, last)}.`);
    if (last < first) throw usageError(`--unit '${part}' counts backwards: write the smaller number first.`);
    for (let channel = first; channel <= last; channel++) units.push({ channel });
  }
  return units;
}
