import { rowsFor, type Goal } from '../attribution/goal.ts';
import type { CompileOptions } from '../engines/engine.ts';
import type { Graph } from '../graph/graph.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import { VALUE } from '../optimization/program.ts';
import type { Context } from '../visualizers/visualizer.ts';
import { HidingBatch, type Pictures } from './hiding-batch.ts';
import type { Split } from './split.ts';

/** In a list of windows: nothing is hidden. */
export const NONE = -1;

/** What is looked at, and how. */
export interface Looking {
  readonly context: Context;
  readonly goal: Goal;
  readonly pictures: Pictures;
  /** Names the program. */
  readonly key: string;
  readonly program: Graph;
  /** The tensor of the class scores, among the program's outputs. */
  readonly score: string | undefined;
  readonly split: Split | undefined;
  /** How many copies run together at most. */
  readonly copies: number;
}

/** By window: the objective's value; the scores of all classes, a row each. */
export interface Seen {
  readonly values: Float32Array;
  readonly scores: Float32Array | undefined;
}

/** Runs the network on pictures with windows hidden. One at a time: its buffers are used again. */
export class Looker {
  readonly #whole: HidingBatch;
  #crops: Float32Array | undefined;
  #maps: Float32Array | undefined;

  constructor(
    readonly looking: Looking,
    readonly options: CompileOptions,
  ) {
    this.#whole = new HidingBatch(looking.pictures, looking.split ? 1 : looking.copies);
  }

  /** The whole pass; `maps`: the split's tensor of the first one. */
  async whole(image: number, list: readonly number[]): Promise<Seen & { readonly maps: Float32Array | undefined }> {
    const { program, key, split } = this.looking;
    const { channels, windows } = this.looking.pictures;
    const shape = [list.length, channels, windows.picture.height, windows.picture.width];
    const graph = split ? { ...program, outputs: [...program.outputs, split.tensor] } : program;
    const feeds = { [this.#input]: this.#asInput(this.#whole.hide(image, list), shape) };
    const found = await this.#run(split ? `${key} to ${split.tensor}` : key, graph, image, list.length, feeds);
    return { ...this.#seen(found), maps: split && (found[split.tensor]!.data as Float32Array) };
  }

  /** The same by the split: `base` are the maps of the picture with nothing hidden. */
  async parts(image: number, list: readonly number[], base: Float32Array, split: Split): Promise<Seen> {
    const { key, pictures } = this.looking;
    const { channels } = pictures;
    const [crop, area] = [split.crop[0] * split.crop[1], base.length];
    this.#crops ??= new Float32Array(this.looking.copies * channels * crop);
    this.#maps ??= new Float32Array(this.looking.copies * area);
    list.forEach((window, copy) => cutOut(pictures, split, { image, window, into: this.#crops!, copy }));
    const crops = this.#crops.subarray(0, list.length * channels * crop);
    const name = `${key} at ${split.tensor} of ${split.crop.join('×')}`;
    const lower = await this.#run(`${name}, below`, split.lower, image, list.length, {
      [this.#input]: float32(crops, [list.length, channels, ...split.crop]),
    });
    list.forEach((window, copy) => {
      this.#maps!.set(base, copy * area);
      putBack(split, pictures, { window, found: lower[split.tensor]!, into: this.#maps!, copy });
    });
    const maps = float32(this.#maps.subarray(0, list.length * area), [list.length, ...split.shape]);
    return this.#seen(await this.#run(`${name}, above`, split.upper, image, list.length, { [split.tensor]: maps }));
  }

  get #input(): string {
    return this.looking.context.image.input.name;
  }

  #asInput(data: Float32Array, shape: readonly number[]): Tensor<'float32'> {
    const declared = this.looking.context.image.tensor.shape;
    return float32(data, declared.length === 4 ? shape : [shape[0]!, ...declared.slice(1)]);
  }

  async #run(key: string, graph: Graph, image: number, count: number, feeds: Readonly<Record<string, Tensor>>) {
    const { context, goal } = this.looking;
    const others = rowsFor(context, goal, Array<number>(count).fill(image));
    return context.session.run(key, () => graph, { ...others, ...feeds }, this.options);
  }

  #seen(found: Readonly<Record<string, Tensor>>): Seen {
    const { score } = this.looking;
    return {
      values: found[VALUE]!.data as Float32Array,
      scores: score === undefined ? undefined : (found[score]!.data as Float32Array),
    };
  }
}

interface Copy {
  readonly window: number;
  readonly into: Float32Array;
  readonly copy: number;
}

/** Writes the part of a picture around a window, which is hidden there. */
function cutOut(
  { data, cover, channels, windows }: Pictures,
  split: Split,
  { image, window, into, copy }: Copy & { readonly image: number },
): void {
  const { rows, columns, height, width, picture } = windows;
  const [r, c] = [Math.floor(window / columns.length), window % columns.length];
  const [top, left] = [split.rows[r]!.from, split.columns[c]!.from];
  const [ys, xs] = split.crop;
  const hides = (y: number) => y >= rows[r]! && y < rows[r]! + height;
  const [begin, end] = [columns[c]!, Math.min(columns[c]! + width, left + xs)];
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < ys; y++) {
      const line = ((image * channels + channel) * picture.height + top + y) * picture.width;
      const at = ((copy * channels + channel) * ys + y) * xs;
      into.set(data.subarray(line + left, line + left + xs), at);
      if (hides(top + y)) into.set(cover.subarray(line + begin, line + end), at + begin - left);
    }
}

/** Writes what the crop gave into the maps of the whole picture, where the window changes them. */
function putBack(
  split: Split,
  { windows }: Pictures,
  { window, found, into, copy }: Copy & { readonly found: Tensor },
): void {
  const [channels, height, width] = split.shape;
  const [, , ys, xs] = found.shape as readonly [number, number, number, number];
  const data = found.data as Float32Array;
  const row = split.rows[Math.floor(window / windows.columns.length)]!;
  const column = split.columns[window % windows.columns.length]!;
  const [top, left] = [row.first - row.from / split.stride[0], column.first - column.from / split.stride[1]];
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < row.count; y++) {
      const from = ((copy * channels + channel) * ys + top + y) * xs + left;
      const to = ((copy * channels + channel) * height + row.first + y) * width + column.first;
      into.set(data.subarray(from, from + column.count), to);
    }
}
