/** A tensor of the graph, by its name there. */
export class TensorRef {
  constructor(readonly name: string) {}
}

/** What a function of PyTorch takes and gives. A size that is the batch is `BATCH`. */
export type AtenValue = TensorRef | number | boolean | string | null | readonly AtenValue[];

/** Thrown for what can't be written in the graph's operators: the call is kept as an unknown operator. */
export class Unsupported extends Error {}

/** Thrown where the shape of a tensor is needed that depends on an unknown operator. */
export class ShapeUnknown extends Error {}

/** The tensors in a value. */
export const tensorsIn = (value: AtenValue | undefined): string[] =>
  value instanceof TensorRef ? [value.name] : Array.isArray(value) ? (value as AtenValue[]).flatMap(tensorsIn) : [];
