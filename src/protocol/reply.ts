import type { FailureKind } from '../core/errors.ts';

/** Errors cross the border as values: a handler never throws. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly kind: FailureKind | 'defect' | 'crashed';
      readonly message: string;
      readonly stack?: string;
    };
