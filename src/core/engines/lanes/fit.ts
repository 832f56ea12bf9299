import os from 'node:os';
import type { Graph } from '../../graph/graph.ts';
import { elements } from '../../graph/tensor.ts';
import type { Engine } from '../engine.ts';

/** Each lane has its own copy of the kernels in the runtime's layout: larger models go without lanes. */
const MOST_FOR_LANES = 128 * 2 ** 20;

/** Whether a program's weights are small enough for a copy in each lane. */
export const fitsLanes = ({ constants }: Pick<Graph, 'constants'>): boolean =>
  [...constants.values()].reduce((sum, { shape }) => sum + 4 * elements(shape), 0) < MOST_FOR_LANES;

/** How many lanes keep all cores busy where the calling thread has nothing else to do; 1: go without. */
export const busyLanes = ({ lanes = 1 }: Engine, graph: Graph): number =>
  fitsLanes(graph) ? Math.min(lanes, os.availableParallelism()) : 1;
