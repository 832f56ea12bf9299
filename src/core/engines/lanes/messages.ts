import type * as ort from 'onnxruntime-node';

/** A tensor on its way between threads. */
export interface Packed {
  readonly type: string;
  readonly data: ort.Tensor['data'];
  readonly dims: readonly number[];
}

/** One that the thread keeps if it will not change. */
export interface Fed extends Packed {
  readonly constant: boolean;
}

export type Message = Call | { readonly kind: 'end' };

export type Call = { readonly id: number; readonly program: number } & (
  | {
      readonly kind: 'compile';
      readonly bytes: Uint8Array;
      readonly options: ort.InferenceSession.SessionOptions;
    }
  | {
      readonly kind: 'run';
      readonly feeds: Readonly<Record<string, Fed | 'kept'>>;
      readonly fetches: readonly string[];
    }
  | { readonly kind: 'release' }
);

export interface Answer {
  readonly id: number;
  readonly value?: { readonly inputs?: readonly string[]; readonly results?: Readonly<Record<string, Packed>> };
  /** What went wrong. */
  readonly error?: string;
}
