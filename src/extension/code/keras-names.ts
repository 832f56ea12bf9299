/** `MaxPooling2D` → `max_pooling2d`, `ReLU` → `re_lu`: as Keras makes layer names of class names. */
export const snakeCase = (name: string): string =>
  name
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/**
 * The names that Keras gives to layers without one, in the order in which they are made: `conv2d`, `conv2d_1`, …; inputs
 * are `input_layer`, … (Keras 3) or `input_1`, … (Keras 2). Layers with a name of their own do not count.
 */
export class AutomaticNames {
  readonly #made = new Map<string, number>();
  /** Classes of which an unknown number has been made. */
  readonly #lost = new Set<string>();

  /** The names that the next layer of this class may have; none where that can't be known. */
  next(kind: string): string[] {
    if (this.#lost.has(kind)) return [];
    const count = this.#made.get(kind) ?? 0;
    this.#made.set(kind, count + 1);
    const name = snakeCase(kind);
    const counted = count === 0 ? name : `${name}_${count}`;
    return kind === 'InputLayer' ? [counted, `input_${count + 1}`] : [counted];
  }

  /** From here on nobody knows how many of this class there are: a loop, a function called twice. */
  lose(kind: string): void {
    this.#lost.add(kind);
  }
}
