import { LayerscopeError } from '../errors.ts';

/** What is wrong inside a model file; `openModel` puts the file's path before it. */
export const damaged = (what: string, cause?: unknown) => new LayerscopeError('file', what, { cause });
