import { BATCH, type Shape } from '../../../graph/graph.ts';
import { elements, type Tensor } from '../../../graph/tensor.ts';
import { Draft } from '../../draft.ts';
import { lazily } from '../../lazy.ts';
import { transposeFloats } from '../../transpose.ts';

/** The graph that an exported network becomes. */
export class Network {
  readonly draft = new Draft();
  /** The constants that were learned, or are made of such. */
  readonly learned = new Set<string>();
  /** Of a constant matrix that is another one transposed: that one. */
  readonly #turned = new Map<string, string>();

  /** `batch`: the size of the batch that it was exported with; `free`: whether it may be any other. */
  constructor(
    readonly batch: number,
    readonly free: boolean,
  ) {}

  weight(name: string, tensor: Tensor): string {
    const own = this.draft.constant(name, tensor);
    this.learned.add(own);
    return own;
  }

  /** A constant with its axes in another order, read and turned when it is needed; undefined for what is no constant. */
  turned(tensor: string, perm: readonly number[]): string | undefined {
    const constant = this.draft.constants.get(tensor);
    if (constant?.dtype !== 'float32') return undefined;
    const { shape } = constant;
    const made = lazily(
      perm.map((axis) => shape[axis]!),
      () => transposeFloats(constant.data as Float32Array, shape, perm),
    );
    const name = this.#follow(tensor, `${tensor}/transposed`, made);
    if (perm.length === 2 && perm[0] === 1) this.#turned.set(name, tensor);
    return name;
  }

  /** The matrix that this one is the transpose of. */
  beforeTurning(tensor: string): string | undefined {
    return this.#turned.get(tensor);
  }

  /** A constant in another shape; undefined for what is no constant. */
  reshaped(tensor: string, shape: readonly number[]): string | undefined {
    const constant = this.draft.constants.get(tensor);
    if (constant?.dtype !== 'float32') return undefined;
    const made = lazily(shape, () => constant.data as Float32Array);
    return this.#follow(tensor, `${tensor}/reshaped`, made);
  }

  /** Sizes of a reshaped tensor with −1 resolved, the batch as `BATCH`; undefined where the batch would not stay first. */
  targetShape(shape: Shape, sizes: readonly number[]): readonly number[] | undefined {
    const hasBatch = shape[0] === BATCH;
    const total = elements(hasBatch ? shape.slice(1) : shape);
    const first = sizes[0] === this.batch || sizes[0] === BATCH;
    if (hasBatch && !first) return undefined;
    const rest = hasBatch ? sizes.slice(1) : sizes;
    const known = rest.reduce((n, size) => (size === -1 ? n : n * size), 1);
    const open = rest.filter((size) => size === -1).length;
    if (open > 1 || known === 0 || total % known !== 0 || (open === 0 && known !== total)) return undefined;
    const resolved = rest.map((size) => (size === -1 ? total / known : size));
    return hasBatch ? [BATCH, ...resolved] : resolved;
  }

  #follow(from: string, name: string, tensor: Tensor): string {
    return this.learned.has(from) ? this.weight(name, tensor) : this.draft.constant(name, tensor);
  }
}
