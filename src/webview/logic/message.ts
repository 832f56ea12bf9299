import type { ImageSource } from '../../protocol/worker.ts';
import { baseName } from './format.ts';

/** What went wrong, for a person. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface Failed {
  readonly message: string;
}

/** The failure with these images called by their names alone, not by their whole paths. */
export function namedShortly<F extends Failed>(failure: F, images: readonly (ImageSource | undefined)[]): F {
  const paths = images.flatMap((image) => (image && 'path' in image ? [image.path] : []));
  const message = paths.reduce((text, path) => text.replaceAll(path, baseName(path)), failure.message);
  return { ...failure, message };
}
