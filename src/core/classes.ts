import { checkCancelled, engineError, usageError } from './errors.ts';
import type { Feeds } from './engines/engine.ts';
import { asFed } from './fixed-batch.ts';
import { producers } from './graph/graph.ts';
import { prune } from './graph/passes.ts';
import { showShape } from './graph/shapes.ts';
import { checkHasGraph, checkRunnable } from './layers.ts';
import { nearest } from './nearest.ts';
import { whyNotFinite } from './not-finite.ts';
import { probabilityTensor, scoreTensor } from './scores.ts';
import type { Session } from './session.ts';
import type { Prediction } from './summaries.ts';
import { numbers, type Tensor } from './graph/tensor.ts';

/** A classifier's answer to one image. */
export interface ClassScores {
  /** S_c, before a final softmax. */
  readonly scores: readonly number[];
  /** P_c: the model's own softmax, or the softmax of the scores where it has none. */
  readonly probabilities: readonly number[];
}

/**
 * The output that classifies: the one asked for; else the only one; else the first that ends in a softmax, the last that
 * is a vector, the first. Throws a usage error for an output that the model does not have.
 */
export function classOutput(session: Session, wanted?: string): string {
  const { graph } = session.model;
  if (wanted !== undefined) {
    if (graph.outputs.includes(wanted)) return wanted;
    throw usageError(`The model has no output '${wanted}'. It has: ${graph.outputs.join(', ')}.`);
  }
  return (
    graph.outputs.find((output) => probabilityTensor(session.model, output) !== undefined) ??
    graph.outputs.findLast((output) => session.shapes.get(output)?.length === 2) ??
    graph.outputs[0]!
  );
}

/** How many classes the model tells apart; undefined where its output is not known, or holds maps. */
export function classCount(session: Session, output = classOutput(session)): number | undefined {
  const shape = session.shapes.get(scoreTensor(session.model, output));
  return shape && shape.length >= 2 && shape.slice(2).every((size) => size === 1) ? shape[1] : undefined;
}

/** How many classes an output has. Throws a usage error for one that holds maps, or can't be run. */
export function requireClasses(session: Session, output: string): number {
  checkHasGraph(session.model, 'The model');
  checkRunnable(session, output, `The output '${output}'`);
  const count = classCount(session, output);
  if (count !== undefined) return count;
  const shape = showShape(session.shapes.get(output));
  throw usageError(
    `The model is no classifier: its output '${output}' is ${shape}. Choose a unit by --layer and --unit.`,
  );
}

/** Runs the network once; the classes of every image of the batch. */
export async function classScores(
  session: Session,
  feeds: Feeds,
  output: string,
  signal: AbortSignal | undefined,
): Promise<ClassScores[]> {
  requireClasses(session, output);
  checkCancelled(signal);
  const tensors = answerTensors(session, output);
  const program = () => prune(session.model.graph, tensors);
  const values = await asFed(session.model.inputs, feeds, (some) => session.run(`classes(${tensors})`, program, some));
  checkCancelled(signal);
  const answers = answersOf(session, output, values);
  if (answers.some(({ scores }) => scores.some((score) => Number.isNaN(score) || score === Infinity)))
    throw (
      (await whyNotFinite(session, feeds)) ??
      engineError(`The output '${output}' is not a number for this input: its values have become too large.`)
    );
  return answers;
}

/** The tensors that a classifier's answer is made of: scores, and probabilities where the model makes them itself. */
export function answerTensors({ model }: Session, output: string): string[] {
  const probability = probabilityTensor(model, output);
  return [scoreTensor(model, output), ...(probability === undefined ? [] : [probability])];
}

/** The classes of every image, from those tensors' values by name. */
export function answersOf(session: Session, output: string, values: Readonly<Record<string, Tensor>>): ClassScores[] {
  const [score, probability] = answerTensors(session, output);
  const scores = perImage(values[score!]!);
  const sigmoid = producers(session.model.graph).get(output)?.op === 'Sigmoid';
  const probabilities =
    probability !== undefined ? perImage(values[probability]!) : scores.map(sigmoid ? (own) => own : softmax);
  return scores.map((own, i) => ({ scores: own, probabilities: probabilities[i]! }));
}

/** The class that each image most likely shows. */
export const predicted = (answers: readonly ClassScores[]): number[] =>
  answers.map(({ scores }) => scores.reduce((best, score, i) => (score > scores[best]! ? i : best), 0));

/** The most probable classes, best first. */
export function topClasses(answer: ClassScores, labels: readonly string[] | undefined, count: number): Prediction[] {
  return answer.scores
    .map((score, index) => ({ index, label: labelOf(labels, index), probability: answer.probabilities[index]!, score }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, count);
}

export const labelOf = (labels: readonly string[] | undefined, index: number): string => labels?.[index] ?? `${index}`;

/** A class by number or label. Throws a usage error that lists the nearest labels, or the range. */
export function findClass(target: number | string, count: number, labels: readonly string[] | undefined): number {
  const number = typeof target === 'number' || /^\s*-?\d+\s*$/.test(target) ? Number(target) : undefined;
  if (number !== undefined) {
    if (Number.isInteger(number) && number >= 0 && number < count) return number;
    throw usageError(`There is no class ${number}: the model has ${count} classes, 0 to ${count - 1}.`);
  }
  const known = labels?.slice(0, count) ?? [];
  if (known.length === 0)
    throw usageError(
      `The model's classes have no labels: give a number from 0 to ${count - 1} in place of '${target}'.`,
    );
  const plain = (label: string) => label.trim().toLowerCase().replaceAll('_', ' ');
  const wanted = plain(String(target));
  const found = known.flatMap((label, index) => {
    const names = [label, ...label.split(',')].map(plain);
    return names.includes(wanted) ? [index] : [];
  });
  if (found.length === 1) return found[0]!;
  if (found.length > 1) throw usageError(`Several classes are called '${target}': give one of ${found.join(', ')}.`);
  const like = nearest(String(target), known, 5).map((label) => `'${label}' (${known.indexOf(label)})`);
  throw usageError(`There is no class '${target}'. The nearest: ${like.join(', ')}.`);
}

/** N×C, or N×C×1×1, as a list an image. */
function perImage(tensor: Tensor): number[][] {
  const [images, classes] = tensor.shape as readonly [number, number];
  const values = numbers(tensor);
  return Array.from({ length: images }, (_, n) => values.slice(n * classes, (n + 1) * classes));
}

function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
