import type { Preprocessing } from './model.ts';

/** Where the preparation of the input was taken from; a guess is shown as a guess. */
export type DescriptionSource = 'description' | 'model' | 'guess';

/** What a model file alone does not tell: how its input is prepared, and what its classes are called. */
export interface Description {
  readonly input: Preprocessing;
  readonly source: DescriptionSource;
  /** By class number; missing: classes are shown by number. */
  readonly labels?: readonly string[];
  /** Absolute path of a folder with images to try. */
  readonly sampleImages?: string;
}
