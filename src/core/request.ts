import type { Preprocessing } from './model.ts';
import type { Result } from './results.ts';

/** An image that a run works on: a file, or bytes that the webview decoded (browsers read more formats). */
export type ImageSource =
  | { readonly path: string }
  | { readonly name: string; readonly width: number; readonly height: number; readonly rgba: Uint8Array };

/** What the user says of a model; `layerscope.models` and the panel's *change* fill it in. */
export interface OpenOptions {
  readonly input?: Partial<Preprocessing>;
  readonly labels?: string | readonly string[];
  readonly sampleImages?: string;
  readonly engine?: string;
}

/** One run of a method: what the command line's options say. */
export interface RunRequest {
  readonly method: string;
  readonly model: string;
  readonly options?: OpenOptions;
  readonly layer?: string;
  /** As `--unit`: `3`, `3-11`, `3,7,9-` (several), or one position `3,y,x`. */
  readonly unit?: string;
  /** Class number or label; default the predicted class. */
  readonly target?: number | string;
  /** The class to set it against: the difference of the two scores is explained. */
  readonly against?: number | string;
  readonly image?: ImageSource;
  /** A second image, whose style is meant. */
  readonly style?: ImageSource;
  /** Which input the image is for, where a model has several; default the first. */
  readonly input?: string;
  /** The other inputs' tensors: `.npy` files by input name. */
  readonly feeds?: Readonly<Record<string, string>>;
  /** Which output classifies, where a model has several. */
  readonly output?: string;
  /** Values by parameter name; a string is read as the parameter's type says. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  /** Another model, which the same view is compared with. */
  readonly with?: string;
}

/** What was run, in full: with it the same run can be made again. */
export interface Provenance {
  readonly method: string;
  readonly model: string;
  readonly sha256: string;
  readonly layer?: string;
  readonly unit?: string;
  readonly target?: number;
  readonly targetLabel?: string;
  readonly against?: number;
  readonly againstLabel?: string;
  readonly image?: string;
  readonly style?: string;
  readonly input?: string;
  readonly feeds?: Readonly<Record<string, string>>;
  readonly output?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly engine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly milliseconds: number;
  readonly partial?: boolean;
}

export interface RunResult {
  readonly result: Result;
  readonly provenance: Provenance;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is under way, where it is one thing after another. */
  readonly doing?: string;
  /** The picture so far; sent at most a few times a second. */
  readonly partial?: Result;
}
