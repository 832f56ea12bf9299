import type { Attribute, Shape } from '../../graph/graph.ts';
import { showShape } from '../../graph/shapes.ts';
import { elements } from '../../graph/tensor.ts';
import type { Draft } from '../draft.ts';
import { damaged } from '../failure.ts';
import type { Message } from './message.ts';
import type { Blob, CaffeLayer } from './net.ts';
import type { Weights } from './weights.ts';

/** More than any network has. */
const MOST_CHANNELS = 2 ** 20;

/** Writes the nodes of a layer; returns a tensor for each of its tops. */
export type LayerBuilder = (call: Call) => readonly string[];

/** Thrown where a layer needs the shape of a tensor behind an unknown layer. */
export class ShapeUnknown extends Error {}

/** Thrown by a layer for a setting that is not known: it is kept, as an unknown operator of this name. */
export class UnknownSetting extends Error {}

/** What all layers of a net share. */
export interface Shared {
  readonly draft: Draft;
  readonly weights: Weights;
  readonly batch: number;
  readonly warnings: Set<string>;
}

/** A layer on its bottoms: settings, weights, and nodes named after it. */
export class Call {
  readonly used: string[] = [];

  constructor(
    readonly layer: CaffeLayer,
    /** Unique in the net. */
    readonly name: string,
    /** The tensors of its bottoms. */
    readonly inputs: readonly string[],
    readonly net: Shared,
  ) {}

  get draft(): Draft {
    return this.net.draft;
  }

  /** The number of images that the file declares. */
  get batch(): number {
    return this.net.batch;
  }

  warn(line: string): void {
    this.net.warnings.add(line);
  }

  get input(): string {
    const [first] = this.inputs;
    if (first === undefined) throw this.wrong('no bottom; one was expected');
    return first;
  }

  /** A node of the layer: named as the layer is, or with a `part` after it. */
  add(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}, part = ''): string {
    return this.draft.add(op, inputs, attributes, part ? `${this.name}/${part}` : this.name);
  }

  ints(values: readonly number[]): string {
    return this.draft.ints(values);
  }

  scalar(value: number): string {
    return this.draft.scalar(value);
  }

  shape(tensor = this.input): Shape {
    const shape = this.draft.shapes.get(tensor);
    if (!shape) throw new ShapeUnknown();
    return shape;
  }

  /** The shape of images: N×C×H×W. */
  image(): readonly [number, number, number, number] {
    const shape = this.shape();
    if (shape.length !== 4) throw this.wrong(`an input ${showShape(shape)}; N×C×H×W was expected`);
    return shape as readonly [number, number, number, number];
  }

  param(name: string): Message {
    return this.layer.settings.message(name);
  }

  /** An axis of the input, counted from the end where it is negative. */
  axis(axis: number, rank = this.shape().length): number {
    const positive = axis < 0 ? axis + rank : axis;
    if (!Number.isInteger(positive) || positive < 0 || positive >= rank)
      throw this.wrong(`axis ${axis} of an input with ${rank} axes`);
    return positive;
  }

  /**
   * A learned parameter as a constant of this shape, times a factor; the file may have as many values in another shape, as
   * old files do.
   */
  weight(index: number, part: string, shape: readonly number[], factor = 1): string {
    if (!shape.every((size) => Number.isSafeInteger(size) && size > 0))
      throw this.wrong(`a ${part} of [${shape.join(', ')}]; sizes of one or more were expected`);
    const { weights } = this.net;
    const blob = this.#blob(index, part);
    if (blob && elements(blob.shape) !== elements(shape))
      throw this.wrong(
        `a ${part} of [${blob.shape.join(', ')}] in the file, but [${shape.join(', ')}] was expected: is the .prototxt of this network?`,
      );
    const tensor = weights.tensor(blob, shape, `${part} of layer '${this.name}'`, factor);
    const constant = this.draft.constant(`${this.name}/${part}`, tensor);
    if (blob) this.used.push(constant);
    return constant;
  }

  /** The only value of a learned parameter; 1 where there are no weights. */
  single(index: number, part: string): number {
    const blob = this.#blob(index, part);
    if (!blob) return 1;
    if (elements(blob.shape) !== 1) throw this.wrong(`a ${part} of [${blob.shape.join(', ')}]; one value was expected`);
    return this.net.weights.tensor(blob, [1], part, 1).data[0]!;
  }

  /** A constant that is no weight of the file. */
  filled(part: string, value: number, count: number): string {
    if (count > MOST_CHANNELS) throw this.wrong(`${count} channels; at most ${MOST_CHANNELS} were expected`);
    return this.draft.floats(`${this.name}/${part}`, new Float32Array(count).fill(value), [count]);
  }

  #blob(index: number, part: string): Blob | undefined {
    const { weights } = this.net;
    const blob = weights.blobs(this.layer)[index];
    if (!blob && weights.given) throw this.wrong(`no ${part} in the file; is the .prototxt of this network?`);
    return blob;
  }

  /** What is wrong with this layer: `what` says what it has. */
  wrong(what: string): Error {
    return damaged(`layer '${this.name}' (${this.layer.type}) has ${what}`);
  }
}
