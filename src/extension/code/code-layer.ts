/** Part of a text: offsets in characters, the end not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A layer as the user's code makes it, or names it. */
export interface CodeLayer {
  /** The framework's class: `Conv2D`; empty where the code only names the layer. */
  readonly kind: string;
  /** What the model may call it, the likeliest first: the name that the code gives, or the one that Keras would. */
  readonly names: readonly string[];
  /** The code gives no name: Keras numbers the layers of a class, and the model's numbers are not known yet. */
  readonly automatic?: boolean;
  /** Where its definition stands, if it is one; lenses go over the line where it begins. */
  readonly definition?: Span;
  /** What a person points at: its name, its variable, its class. */
  readonly pointers: readonly Span[];
}
