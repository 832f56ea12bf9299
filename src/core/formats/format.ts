import type { FormatId, Model } from '../model.ts';

/** A file as formats see it. Reads are bounded: a format never asks for more than the file has. */
export interface ModelFile {
  /** Absolute path. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /**
   * A file that this one names, by a path relative to its folder. Rejects with a file error when it is missing, or
   * when the path leads out of the folder.
   */
  sibling(relativePath: string): Promise<Uint8Array>;
}

/** A model as its format makes it; `openModel` adds what is the same for all. */
export type OpenedModel = Omit<Model, 'file' | 'format' | 'sha256'>;

/** One file format: `match` looks at name and first bytes only, `open` reads all and ends in the one Graph. */
export interface Format {
  readonly id: FormatId;
  readonly title: string;
  readonly extensions: readonly string[];
  match(file: ModelFile): boolean;
  /**
   * Rejects with a `LayerscopeError` of kind `file` that says what is wrong in a file that is damaged, truncated or not
   * of this format; `openModel` names the file.
   */
  open(file: ModelFile): Promise<OpenedModel>;
}
