import type { Tensor } from '../graph/tensor.ts';
import type { FormatId, Model } from '../model.ts';

/**
 * A file as formats see it. Reads are bounded: a format never asks for more than the file has, and what it need not
 * hold it does not read. All of them throw a file error where the bytes are not there.
 */
export interface ModelFile {
  /** Absolute path. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** The first bytes (up to 64 KiB): all that `match` looks at. */
  readonly head: Uint8Array;
  /** The whole file, read anew at each call: for small files, and formats that must. */
  bytes(): Uint8Array;
  /** Bytes in a buffer of their own, so that typed arrays may lie over it. */
  read(offset: number, length: number): Uint8Array;
  /**
   * Float32 values (little-endian) that stand in the file as the graph wants them. Whether they are there is checked at
   * once; they are read when `data` is first asked for, and again when they had been let go: they cost no memory, and
   * engines may refer to them by their place. `of` says in messages whose they are.
   */
  floats(offset: number, shape: readonly number[], of: string): Tensor<'float32'>;
  /**
   * A file that this one names, by a path relative to its folder. Rejects with a file error when it is missing, or
   * when the path leads out of the folder. It becomes a part of the model and of its hash, but where `part` is false: for
   * a look at what may belong to it.
   */
  sibling(relativePath: string, part?: boolean): Promise<ModelFile>;
  /** Whether `sibling` would find a file. */
  exists(relativePath: string): Promise<boolean>;
  /**
   * Paths, for `sibling`, of the files in its folder, then of those one folder below; by name, hidden ones left out, at
   * most some thousands.
   */
  around(): Promise<readonly string[]>;
}

/** A model as its format makes it; `openModel` adds what is the same for all. */
export type OpenedModel = Omit<Model, 'file' | 'format' | 'sha256' | 'parts'>;

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
