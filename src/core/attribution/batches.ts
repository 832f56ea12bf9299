import { busyLanes } from '../engines/lanes/fit.ts';
import { nodeFlops } from '../graph/costs.ts';
import { prune } from '../graph/passes.ts';
import { elements } from '../graph/tensor.ts';
import type { Objective } from '../optimization/objectives.ts';
import type { Session } from '../session.ts';

/** Activations and gradients of all that runs at once, unless one image alone takes more. */
export const BATCH_BYTES = 512 * 2 ** 20;
/** Operations of one batch's forward passes (`operations`): where an image alone takes more, a batch brings nothing. Cancel waits for it. */
const BATCH_FLOPS = 1e9;
/** Operations of all gradients from which on it pays to start lanes: about as long as compiling for them takes. */
const LANES_FLOPS = 5e10;
/** Bytes that a gradient's program holds at once, by byte of all activations: 1.2 measured for SqueezeNet, 1.1 for EfficientNet-Lite0. */
const HELD = 1.25;
/** Operations of a gradient, in forward passes. */
const GRADIENT = 3;

export interface Plan {
  /** Images that run together. */
  readonly images: number;
  /** Batches that run at the same time; 1: in the calling thread, with all cores. */
  readonly lanes: number;
}

interface Options {
  /** Of one batch's forward passes. */
  readonly operations?: number | undefined;
  /** Gradients in all, where others follow: lanes are started for those. */
  readonly total?: number | undefined;
}

/**
 * How gradients of `count` images are spread: over lanes where they are many, in batches where they are small. What the network
 * computes for those that run at once takes at most `BATCH_BYTES`, whatever `count` is: a gradient program holds those activations
 * that the way back needs, and a few gradients at a time (`HELD`).
 */
export function planBatches(
  session: Session,
  objective: Objective,
  count: number,
  { operations = BATCH_FLOPS, total = count }: Options = {},
): Plan {
  const graph = prune(session.model.graph, objective.tensors);
  const outputs = graph.nodes.flatMap((node) => node.outputs.map((name) => session.shapes.get(name) ?? []));
  const bytes = outputs.reduce((sum, shape) => sum + HELD * 4 * elements(shape.map(Math.abs)), 1);
  const flops = [...nodeFlops(graph, session.shapes).values()].reduce((sum, own) => sum + own, 1);
  const most = GRADIENT * flops * total > LANES_FLOPS ? busyLanes(session.engine, graph) : 1;
  const lanes = Math.max(1, Math.min(most, count, Math.floor(BATCH_BYTES / bytes)));
  const fits = Math.min(BATCH_BYTES / lanes / bytes, operations / flops, count / lanes);
  return { images: Math.max(1, Math.floor(fits)), lanes };
}

/** So few images are not spread unless they are large: where their number is odd a core waits. */
const FEW = 8;

const asked = new WeakMap<Session, Map<string, number>>();

/**
 * For `total`: how many gradients a session was asked for by a program, `count` more among them. What is asked for again and again is
 * worth lanes, though each time alone is not.
 */
export function askedSoFar(session: Session, program: string, count: number): number {
  const counts = asked.get(session) ?? new Map<string, number>();
  asked.set(session, counts);
  const all = (counts.get(program) ?? 0) + count;
  counts.set(program, all);
  return count < FEW ? count : all;
}
